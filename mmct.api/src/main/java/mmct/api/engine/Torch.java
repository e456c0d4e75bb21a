package mmct.api.engine;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.Optional;

/// The few operations of libtorch that Deep Java Library does not offer through its API.
///
/// Everything that knows the engine behind the arrays stands in this class, so that there is one
/// place to look when the engine changes.
public final class Torch {
  static {
    // The bridge's functions exist only once the engine has loaded the native libraries.
    Engine.getInstance();
  }

  private Torch() {}

  /// A stretch of code without gradients; closing it restores what was before.
  public static final class WithoutGradient implements AutoCloseable {
    private final boolean before;

    private WithoutGradient() {
      before = JniUtils.isGradMode();
      JniUtils.setGradMode(false);
    }

    @Override
    public void close() {
      JniUtils.setGradMode(before);
    }
  }

  /// Switches gradients off for this thread. libtorch keeps the mode per thread and starts every
  /// thread but the first with gradients on, so code that must not record says so.
  public static WithoutGradient withoutGradient() {
    return new WithoutGradient();
  }

  /// Another handle to the same memory without its history, owned by the given manager.
  public static NDArray alias(NDArray array, NDManager owner) {
    NDArray alias = array.stopGradient();
    alias.attach(owner);
    return alias;
  }

  /// A view of the rows `from` to `to` of the first axis, owned by the given manager.
  public static NDArray rows(NDArray array, long from, long to, NDManager owner) {
    NDArray rows = JniUtils.slice((PtNDArray) array, 0, from, to, 1);
    rows.attach(owner);
    return rows;
  }

  /// A view of the columns `from` to `to` of the second axis, owned by the given manager.
  public static NDArray columns(NDArray array, long from, long to, NDManager owner) {
    NDArray columns = JniUtils.slice((PtNDArray) array, 1, from, to, 1);
    columns.attach(owner);
    return columns;
  }

  /// The gradient that a backward pass left on a leaf, or empty where none reached it; the
  /// library's own `getGradient` makes zeros of an absent gradient.
  public static Optional<NDArray> gradient(NDArray leaf) {
    return Optional.ofNullable(JniUtils.getGradient((PtNDArray) leaf));
  }

  /// Overwrites the target's memory with the source's values; both have one shape.
  public static void copy(NDArray source, NDArray target) {
    if (!source.getShape().equals(target.getShape())) {
      throw new IllegalArgumentException(
          "cannot copy %s into %s".formatted(source.getShape(), target.getShape()));
    }
    if (target.getShape().dimension() == 0) {
      // A view of one element: the bridge writes along axes, of which a lone number has none.
      try (NDArray from = source.reshape(1);
          NDArray to = target.reshape(1)) {
        copy(from, to);
      }
      return;
    }
    long[] shape = target.getShape().getShape();
    long[] steps = new long[shape.length];
    Arrays.fill(steps, 1);
    JniUtils.indexSet((PtNDArray) target, (PtNDArray) source, new long[shape.length], shape, steps);
  }

  /// Updates of many arrays at once; empty where this libtorch has none for the owner's device.
  ///
  /// @param owner keeps what is needed for them
  public static Optional<FusedUpdates> fusedUpdates(NDManager owner) {
    return FusedUpdates.load(owner);
  }

  /// Seeds the engine's generator, which dropout and initialisers draw from.
  public static void seed(long seed) {
    JniUtils.setSeed(seed);
  }

  /// Threads that one operation may use.
  public static int threads() {
    return JniUtils.getNumThreads();
  }
}
