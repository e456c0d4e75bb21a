package mmct.eval.embed;

/// Which item each row of the features is of: `row,id,item`, rows and items from 0. A sample of
/// several items, such as alternative texts, has several rows; one that lacks the modality, or
/// whose content cannot be read, has none.
///
/// @param file the file that grows
record ItemFile(GrowingFile file) implements RowFile {
  @Override
  public void start() {
    file.append(RowFile.bytes("row,id,item\n"));
  }

  @Override
  public void append(Rows rows) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.count(); row++) {
      text.append(rows.first() + row)
          .append(',')
          .append(CsvField.of(rows.ids()[row]))
          .append(',')
          .append(rows.items()[row])
          .append('\n');
    }
    file.append(RowFile.bytes(text));
  }
}
