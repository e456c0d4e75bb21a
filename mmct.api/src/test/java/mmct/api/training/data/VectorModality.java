package mmct.api.training.data;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;

/// A modality for tests. A cell of strings gives one item per string: its plain view is `[1]`, the
/// string's length; a drawn view adds a random number, `[2]`. The string `broken` cannot be read,
/// `crash` is a programming error, and `few` has only one view for each encoder.
class VectorModality implements Modality {
  @Override
  public Views draw(Cell cell, ViewRequest request) {
    List<String> values = read(cell);
    SplittableRandom random = new SplittableRandom(request.seed());
    boolean few = values.contains("few");
    return new Views(
        views(values, few ? Math.min(1, request.queries()) : request.queries(), random),
        views(values, few ? Math.min(1, request.keys()) : request.keys(), random));
  }

  private static List<View> views(List<String> values, int count, SplittableRandom random) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> View.of(new float[] {values.getFirst().length(), random.nextInt(1 << 20)}, 2))
        .toList();
  }

  @Override
  public List<View> plain(Cell cell) {
    return read(cell).stream().map(text -> View.of(new long[] {text.length()}, 1)).toList();
  }

  private static List<String> read(Cell cell) {
    List<String> values = ((Cell.Strings) cell).values();
    if (values.contains("broken")) {
      throw new BrokenCellException("a.bin ends too early");
    }
    if (values.contains("crash")) {
      throw new IndexOutOfBoundsException("7");
    }
    return values;
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropout) {
    return Optional.empty();
  }
}
