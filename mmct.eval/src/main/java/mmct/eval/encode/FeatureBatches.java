package mmct.eval.encode;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import mmct.api.training.data.PlainBatches;

/// The features of a dataset, batch after batch in the order of its samples.
public final class FeatureBatches implements Iterator<FeatureBatches.Encoded>, AutoCloseable {
  private final PlainBatches cells;
  private final OnnxSession session;
  private final int width;

  FeatureBatches(PlainBatches cells, OnnxSession session, int width) {
    this.cells = cells;
    this.session = session;
    this.width = width;
  }

  /// Features of some items.
  ///
  /// @param samples per item, the index of its sample in the dataset, ascending, length n
  /// @param values row-major, `[n, width]`
  /// @param width the width of a row
  public record Encoded(int[] samples, float[] values, int width) {
    /// The rows, each `[width]`.
    public List<float[]> rows() {
      return IntStream.range(0, samples.length)
          .mapToObj(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
          .toList();
    }
  }

  @Override
  public boolean hasNext() {
    return cells.hasNext();
  }

  @Override
  public Encoded next() {
    PlainBatches.Items items = cells.next();
    float[] values = session.run(items.inputs());
    // Nothing shares the batch's memory any more.
    cells.recycle(items);
    return new Encoded(items.samples(), values, width);
  }

  /// Stops the threads that prepare cells.
  @Override
  public void close() {
    cells.close();
  }
}
