package mmct.eval.embed;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Features as CSV: `id,item,f0,f1,...`, each number with as many digits as tell it apart.
///
/// @param file the file that grows
/// @param width the width of a row
record CsvFile(GrowingFile file, int width) implements RowFile {
  @Override
  public void start() {
    file.append(
        RowFile.bytes(
            IntStream.range(0, width)
                .mapToObj(i -> "f" + i)
                .collect(Collectors.joining(",", "id,item,", "\n"))));
  }

  @Override
  public void append(Rows rows) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.count(); row++) {
      text.append(CsvField.of(rows.ids()[row])).append(',').append(rows.items()[row]);
      for (int i = row * width; i < (row + 1) * width; i++) {
        text.append(',').append(rows.values()[i]);
      }
      text.append('\n');
    }
    file.append(RowFile.bytes(text));
  }
}
