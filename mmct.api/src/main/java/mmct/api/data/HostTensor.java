package mmct.api.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A batch of rows outside the Java heap, ready to be handed to the engine without another copy.
///
/// @param data the bytes in native order, row-major
/// @param type the element type of `data`
/// @param shape the shape with the batch axis first, `[n, ...]`
/// @param scaling how unsigned bytes become floats on the device; empty where [#toArray] has
///     nothing to compute
public record HostTensor(ByteBuffer data, DataType type, Shape shape, Optional<Scaling> scaling) {
  /// A tensor that is on the device what it is here.
  public HostTensor(ByteBuffer data, DataType type, Shape shape) {
    this(data, type, shape, Optional.empty());
  }

  /// What makes floats of the bytes of a tensor `[n, channels, ...]`: a value becomes
  /// `value · factor[c] + offset[c]`.
  ///
  /// @param factor by channel
  /// @param offset by channel
  public record Scaling(float[] factor, float[] offset) {
    /// The same rounding as [HostArray.Bytes] has on the host: after the product and after the sum.
    private NDArray apply(NDArray bytes) {
      NDManager manager = bytes.getManager();
      long[] along = new long[bytes.getShape().dimension()];
      Arrays.fill(along, 1);
      along[1] = factor.length;
      try (NDArray factors = manager.create(factor, new Shape(along));
          NDArray offsets = manager.create(offset, new Shape(along))) {
        return bytes.toType(DataType.FLOAT32, false).muli(factors).addi(offsets);
      }
    }

    private boolean fits(View view, int index) {
      return view.arrays().get(index) instanceof HostArray.Bytes bytes
          && Arrays.equals(bytes.factor(), factor)
          && Arrays.equals(bytes.offset(), offset);
    }
  }

  /// Stacks the `index`-th array of each view; all must have one shape.
  ///
  /// Where the memory in use is a GPU's ([HostMemory#forGpu]), [HostArray.Bytes] stay bytes, and
  /// [#toArray] makes the same floats of them on the device.
  ///
  /// @return a tensor of shape `[n, ...]`
  public static HostTensor stack(List<View> views, int index) {
    Optional<Scaling> scaling = HostMemory.keepsBytes() ? scaling(views, index) : Optional.empty();
    return stack(views, index, scaling);
  }

  /// What all views share; empty where they are no bytes, or scaled in different ways.
  private static Optional<Scaling> scaling(List<View> views, int index) {
    return views.getFirst().arrays().get(index) instanceof HostArray.Bytes first
        ? Optional.of(new Scaling(first.factor(), first.offset()))
            .filter(scaling -> views.stream().allMatch(view -> scaling.fits(view, index)))
        : Optional.empty();
  }

  private static HostTensor stack(List<View> views, int index, Optional<Scaling> scaling) {
    HostArray first = views.getFirst().arrays().get(index);
    int[] row = first.shape();
    DataType type = scaling.isPresent() ? DataType.UINT8 : first.type();
    HostTensor allocated = allocate(type, views.size(), row);
    HostTensor tensor = new HostTensor(allocated.data, type, allocated.shape, scaling);
    for (View view : views) {
      HostArray array = view.arrays().get(index);
      if (!Arrays.equals(array.shape(), row)) {
        throw new IllegalArgumentException(
            "views of one batch must have one shape but were %s and %s; override collate to pad"
                .formatted(Arrays.toString(row), Arrays.toString(array.shape())));
      }
      tensor.append(array);
    }
    tensor.data.rewind();
    return tensor;
  }

  /// Stacks the `index`-th array of each view after padding every axis at its end to the longest.
  ///
  /// @return a tensor of shape `[n, longest...]`
  public static HostTensor padAndStack(List<View> views, int index, long padding) {
    int length = views.stream().mapToInt(v -> v.arrays().get(index).shape()[0]).max().orElse(0);
    HostTensor tensor = allocate(DataType.INT64, views.size(), length);
    for (View view : views) {
      if (!(view.arrays().get(index) instanceof HostArray.Longs(long[] values, int[] shape))
          || shape.length != 1) {
        throw new IllegalArgumentException("only vectors of integers can be padded");
      }
      for (long value : values) {
        tensor.data.putLong(value);
      }
      for (int i = values.length; i < length; i++) {
        tensor.data.putLong(padding);
      }
    }
    tensor.data.rewind();
    return tensor;
  }

  /// An uninitialised tensor of `rows` rows.
  public static HostTensor allocate(DataType type, int rows, int... row) {
    long[] shape = IntStream.concat(IntStream.of(rows), IntStream.of(row)).asLongStream().toArray();
    int bytes = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    ByteBuffer data = HostMemory.take(Math.multiplyExact(bytes, type.getNumOfBytes()));
    return new HostTensor(data, type, new Shape(shape));
  }

  /// A float32 tensor of normally distributed values.
  ///
  /// @param rows the number of rows
  /// @param shape the shape, whose first axis is replaced by `rows`
  public static HostTensor normal(int rows, Shape shape, SplittableRandom random) {
    int[] row = Arrays.stream(shape.getShape()).skip(1).mapToInt(Math::toIntExact).toArray();
    HostTensor tensor = allocate(DataType.FLOAT32, rows, row);
    while (tensor.data.hasRemaining()) {
      tensor.data.putFloat((float) random.nextGaussian());
    }
    tensor.data.rewind();
    return tensor;
  }

  /// The tensor as an array of the manager's device, `[n, ...]`, float32 where it is scaled. On the
  /// CPU it shares the memory, unless it is scaled.
  public NDArray toArray(NDManager manager) {
    NDArray array = manager.create(data.duplicate().order(ByteOrder.nativeOrder()), shape, type);
    if (scaling.isEmpty()) {
      return array;
    }
    try (array) {
      return scaling.get().apply(array);
    }
  }

  private void append(HostArray array) {
    switch (array) {
      case HostArray.Floats floats -> {
        data.asFloatBuffer().put(floats.values());
        data.position(data.position() + floats.values().length * Float.BYTES);
      }
      case HostArray.Bytes bytes when scaling.isPresent() -> data.put(bytes.values());
      case HostArray.Bytes bytes -> {
        bytes.write(data.asFloatBuffer());
        data.position(data.position() + bytes.values().length * Float.BYTES);
      }
      case HostArray.Longs longs -> {
        data.asLongBuffer().put(longs.values());
        data.position(data.position() + longs.values().length * Long.BYTES);
      }
    }
  }
}
