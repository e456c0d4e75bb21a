package mmct.api.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A batch of rows outside the Java heap, ready to be handed to the engine without another copy.
///
/// @param data the bytes in native order, row-major
/// @param type the element type
/// @param shape the shape with the batch axis first, `[n, ...]`
public record HostTensor(ByteBuffer data, DataType type, Shape shape) {
  /// Stacks the `index`-th array of each view; all must have one shape.
  ///
  /// @return a tensor of shape `[n, ...]`
  public static HostTensor stack(List<View> views, int index) {
    return stack(views, index, HostArray.Layout.CHANNELS_FIRST);
  }

  /// Stacks the `index`-th array of each view; all must have one shape.
  ///
  /// @param layout where the tensor holds the channels of [HostArray.Bytes]; other arrays have none
  ///     and stay as they are
  /// @return a tensor of shape `[n, ...]`; of bytes with channels last, `[n, ..., channels]`
  public static HostTensor stack(List<View> views, int index, HostArray.Layout layout) {
    HostArray first = views.getFirst().arrays().get(index);
    int[] row = first.shape();
    HostTensor tensor = allocate(first.type(), views.size(), laidOut(first, layout));
    for (View view : views) {
      HostArray array = view.arrays().get(index);
      if (!Arrays.equals(array.shape(), row)) {
        throw new IllegalArgumentException(
            "views of one batch must have one shape but were %s and %s; override collate to pad"
                .formatted(Arrays.toString(row), Arrays.toString(array.shape())));
      }
      tensor.append(array, layout);
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

  /// The tensor as an array of the manager's device, `[n, ...]`. On the CPU it shares the memory.
  public NDArray toArray(NDManager manager) {
    return manager.create(data.duplicate().order(ByteOrder.nativeOrder()), shape, type);
  }

  private static int[] laidOut(HostArray array, HostArray.Layout layout) {
    int[] shape = array.shape();
    if (!(array instanceof HostArray.Bytes) || layout == HostArray.Layout.CHANNELS_FIRST) {
      return shape;
    }
    int[] last = Arrays.copyOfRange(shape, 1, shape.length + 1);
    last[shape.length - 1] = shape[0];
    return last;
  }

  private void append(HostArray array, HostArray.Layout layout) {
    switch (array) {
      case HostArray.Floats floats -> {
        data.asFloatBuffer().put(floats.values());
        data.position(data.position() + floats.values().length * Float.BYTES);
      }
      case HostArray.Bytes bytes -> {
        bytes.write(data.asFloatBuffer(), layout);
        data.position(data.position() + bytes.values().length * Float.BYTES);
      }
      case HostArray.Longs longs -> {
        data.asLongBuffer().put(longs.values());
        data.position(data.position() + longs.values().length * Long.BYTES);
      }
    }
  }
}
