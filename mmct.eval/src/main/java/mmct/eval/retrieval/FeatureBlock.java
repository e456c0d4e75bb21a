package mmct.eval.retrieval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import mmct.api.engine.Torch;

/// A window on the features of one side, in the engine; its memory is used again and again.
final class FeatureBlock {
  private final Items items;
  private final ByteBuffer host;
  private final NDArray array;
  private int from;

  /// Makes room for a window.
  ///
  /// @param size the most items in the window
  FeatureBlock(Items items, int size, NDManager manager) {
    this.items = items;
    Shape shape = new Shape(Math.min(size, items.count()), items.width());
    host = manager.allocateDirect(Math.toIntExact(shape.size() * Double.BYTES));
    // On the CPU the array shares the buffer's memory: filling the one fills the other.
    array = manager.create(host, shape, DataType.FLOAT64);
  }

  /// Moves the window to begin at an item.
  void load(int first) {
    from = first;
    items.copyTo(host.asDoubleBuffer(), from, from + count());
  }

  /// The first item in the window.
  int from() {
    return from;
  }

  /// The number of items in the window; the last one may be smaller.
  int count() {
    return Math.toIntExact(Math.min(array.getShape().get(0), items.count() - from));
  }

  /// The features, `[n, d]`.
  NDArray rows(NDManager scope) {
    return Torch.rows(array, 0, count(), scope);
  }
}
