package mmct.eval.encode;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.spi.Feeding;
import mmct.eval.encode.EncoderDescription.Fill;

/// The inputs of a model, and how collated batches become them. A batch is handed over without a
/// copy where the model reads the element type that the modality makes.
///
/// @param file the model, for errors
/// @param description names the inputs
/// @param tensors the model's inputs by name
record SessionInputs(Path file, EncoderDescription description, Map<String, TensorInfo> tensors) {
  private static final Set<OnnxJavaType> KNOWN =
      Set.of(OnnxJavaType.FLOAT, OnnxJavaType.INT64, OnnxJavaType.INT32);

  /// Refuses a description that does not fit the model or the modality.
  void require(Feeding feeding) {
    Set<String> fed = new TreeSet<>(description.inputs());
    fed.addAll(description.fill().keySet());
    if (!fed.equals(new TreeSet<>(tensors.keySet()))) {
      throw new MmctException(
          "the inputs of %s are %s, but its keys inputs and fill name %s"
              .formatted(file, new TreeSet<>(tensors.keySet()), fed));
    }
    if (description.inputs().size() != feeding.inputs().size()) {
      throw new MmctException(
          "inputs of %s must name one input for each array of %s, %d, but names %d"
              .formatted(
                  file, description.name(), feeding.inputs().size(), description.inputs().size()));
    }
    tensors.forEach(
        (name, tensor) -> {
          if (!KNOWN.contains(tensor.type)) {
            throw new MmctException(
                "input %s of %s must be of float32, int64 or int32 but is of %s"
                    .formatted(name, file, tensor.type));
          }
        });
  }

  /// The number of rows that the model reads; -1 where it reads any.
  long rows() {
    return Objects.requireNonNull(tensors.get(description.inputs().getFirst())).getShape()[0];
  }

  /// The inputs by name; the caller closes them.
  ///
  /// @param collated the modality's arrays, each `[n, ...]`
  Map<String, OnnxTensor> of(List<HostTensor> collated, OrtEnvironment environment)
      throws OrtException {
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      for (int i = 0; i < collated.size(); i++) {
        String name = description.inputs().get(i);
        fed.put(name, tensor(name, collated.get(i), environment));
      }
      for (Map.Entry<String, Fill> fill : description.fill().entrySet()) {
        fed.put(fill.getKey(), filled(fill.getKey(), collated.getFirst(), environment));
      }
      return fed;
    } catch (OrtException | RuntimeException e) {
      fed.values().forEach(OnnxTensor::close);
      throw e;
    }
  }

  private OnnxTensor tensor(String name, HostTensor values, OrtEnvironment environment)
      throws OrtException {
    ByteBuffer bytes = values.data().duplicate().order(ByteOrder.nativeOrder()).rewind();
    long[] shape = values.shape().getShape();
    requireShape(name, shape);
    OnnxJavaType type = type(name);
    if (values.type() == DataType.FLOAT32 && type == OnnxJavaType.FLOAT) {
      return OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
    }
    if (values.type() == DataType.INT64 && type == OnnxJavaType.INT64) {
      return OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
    }
    if (values.type() == DataType.INT64 && type == OnnxJavaType.INT32) {
      return OnnxTensor.createTensor(environment, narrow(bytes.asLongBuffer()), shape);
    }
    throw new MmctException(
        "input %s of %s is of %s, but %s makes %s"
            .formatted(name, file, type, description.name(), values.type()));
  }

  /// ONNX Runtime would refuse it too, in words that do not say who made the array.
  private void requireShape(String input, long... made) {
    long[] read = Objects.requireNonNull(tensors.get(input)).getShape();
    boolean fits = read.length == made.length;
    for (int axis = 0; fits && axis < read.length; axis++) {
      fits = read[axis] < 0 || read[axis] == made[axis];
    }
    if (!fits) {
      throw new MmctException(
          "input %s of %s reads arrays of shape %s but %s makes %s by its options"
              .formatted(
                  input,
                  file,
                  Arrays.toString(read).replace("-1", "any"),
                  description.name(),
                  Arrays.toString(made)));
    }
  }

  private OnnxJavaType type(String input) {
    return Objects.requireNonNull(tensors.get(input)).type;
  }

  /// An input that the modality does not make, in the shape of its first.
  private OnnxTensor filled(String name, HostTensor first, OrtEnvironment environment)
      throws OrtException {
    LongBuffer values =
        switch (Objects.requireNonNull(description.fill().get(name))) {
          case ZEROS -> direct(new long[Math.toIntExact(first.shape().size())]);
          case MASK -> direct(present(first));
        };
    long[] shape = first.shape().getShape();
    return switch (type(name)) {
      case FLOAT -> OnnxTensor.createTensor(environment, floats(values), shape);
      case INT32 -> OnnxTensor.createTensor(environment, narrow(values), shape);
      default -> OnnxTensor.createTensor(environment, values, shape);
    };
  }

  /// 1 where the ids are not padding, 0 where they are, `[n, l]`.
  long[] present(HostTensor ids) {
    if (ids.type() != DataType.INT64) {
      throw new MmctException(
          "fill mask and pool mean of %s need ids, but %s makes %s"
              .formatted(file, description.name(), ids.type()));
    }
    long padding = description.padding().orElseThrow();
    LongBuffer values =
        ids.data().duplicate().order(ByteOrder.nativeOrder()).rewind().asLongBuffer();
    long[] present = new long[values.remaining()];
    Arrays.setAll(present, i -> values.get(i) == padding ? 0 : 1);
    return present;
  }

  private static ByteBuffer bytes(int elements, int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, size))
        .order(ByteOrder.nativeOrder());
  }

  private static LongBuffer direct(long... values) {
    return bytes(values.length, Long.BYTES).asLongBuffer().put(values).rewind();
  }

  private static IntBuffer narrow(LongBuffer values) {
    IntBuffer narrow = bytes(values.remaining(), Integer.BYTES).asIntBuffer();
    while (values.hasRemaining()) {
      narrow.put(Math.toIntExact(values.get()));
    }
    return narrow.rewind();
  }

  private static FloatBuffer floats(LongBuffer values) {
    FloatBuffer floats = bytes(values.remaining(), Float.BYTES).asFloatBuffer();
    while (values.hasRemaining()) {
      floats.put((float) values.get());
    }
    return floats.rewind();
  }
}
