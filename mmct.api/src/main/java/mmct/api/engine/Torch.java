package mmct.api.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import mmct.api.MmctException;

/// The few operations of libtorch that Deep Java Library does not offer through its API.
///
/// Everything that knows the engine behind the arrays stands in this class, so that there is one
/// place to look when the engine changes.
public final class Torch {
  static {
    // The bridge's functions exist only once the engine has loaded the native libraries.
    Engine.getInstance();
  }

  private static final Optional<Autocast> AUTOCAST = Autocast.find();

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

  /// A stretch of code in mixed precision; closing it goes back to float32.
  public static final class MixedPrecision implements AutoCloseable {
    private final Optional<Autocast> autocast;
    private final Device device;

    private MixedPrecision(Precision precision, Device device) {
      this.device = device;
      autocast = precision == Precision.FLOAT32 ? Optional.empty() : Optional.of(autocast());
      autocast.ifPresent(a -> a.begin(precision, device));
    }

    private static Autocast autocast() {
      return AUTOCAST.orElseThrow(
          () -> new IllegalStateException("this libtorch has no mixed precision"));
    }

    @Override
    public void close() {
      autocast.ifPresent(a -> a.end(device));
    }
  }

  /// Lets this thread's matrix products and convolutions compute in a precision until closed;
  /// float32 changes nothing. Such stretches do not nest, and a backward pass belongs outside.
  ///
  /// Within it arrays may be of a format that Deep Java Library does not know: they can be computed
  /// with, but neither read nor copied. [#toFloat32] brings them back.
  public static MixedPrecision mixedPrecision(Precision precision, Device device) {
    return new MixedPrecision(precision, device);
  }

  /// Does some work that no other thread's work of this kind may interrupt. The engine's random
  /// numbers and its recording of gradients are one for the whole process, so whoever seeds the
  /// numbers and then draws, or records, does so in here; then several trainings, encoders that are
  /// opened and evaluations that learn, each in a thread of its own, compute what each would alone.
  ///
  /// The monitor is that of the engine, of which there is one however often these classes are
  /// loaded.
  public static <T> T alone(Supplier<T> work) {
    synchronized (Engine.getInstance()) {
      return work.get();
    }
  }

  /// Begins to record gradients on this thread.
  ///
  /// @throws MmctException where somebody else in the process records already
  public static GradientCollector recorded(Engine engine) {
    try {
      return engine.newGradientCollector();
    } catch (IllegalStateException e) {
      throw new MmctException(
          "gradients cannot be recorded: another GradientCollector of this program is open, and Deep Java Library has one at a time in a process; close it first, or train in a process of its own",
          e);
    }
  }

  static boolean hasAutocast() {
    return AUTOCAST.isPresent();
  }

  /// An array of a 16-bit format as float32, with its history; any other array as it is. The
  /// library's own conversion would cut the history.
  public static NDArray toFloat32(NDArray array) {
    if (array.getDataType() == DataType.FLOAT32) {
      return array;
    }
    NDManager manager = array.getManager();
    // An array with an axis decides the type of the product, a lone number would not.
    return array.mul(manager.ones(new Shape(1), DataType.FLOAT32));
  }

  /// Feature maps `[n, c, h, w]` laid out in memory as `[n, h, w, c]`, on which convolutions are
  /// faster: the same values at the same indices. An array that lies so already is not copied.
  public static NDArray channelsLast(NDArray maps) {
    Shape shape = maps.getShape();
    return maps.transpose(0, 2, 3, 1)
        .reshape(-1)
        .reshape(shape.get(0), shape.get(2), shape.get(3), shape.get(1))
        .transpose(0, 3, 1, 2);
  }

  /// Differentiates an array whose own gradient is known, of the same shape; gradients add up on
  /// the leaves.
  public static void backward(NDArray array, NDArray gradient) {
    JniUtils.backward((PtNDArray) array, (PtNDArray) gradient, false, false);
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

  /// Whether a backward pass from an array would reach anything that is trained. It asks the
  /// engine to leave the array out of the record, which the engine refuses where the record holds
  /// it; [NDArray#hasGradient] knows leaves only.
  public static boolean isRecorded(NDArray array) {
    if (array.hasGradient()) {
      return true;
    }
    try {
      array.setRequiresGradient(false);
      return false;
    } catch (EngineException e) {
      return true;
    }
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
