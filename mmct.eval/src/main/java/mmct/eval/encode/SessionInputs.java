package mmct.eval.encode;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.api.spi.Feeding;
import mmct.eval.encode.EncoderDescription.Fill;
import mmct.eval.encode.EncoderDescription.Layout;

/// The inputs of a model, and how collated batches become them. A batch is handed over without a
/// copy where the model reads the element type and the shape that the modality makes.
///
/// @param file the model, for errors
/// @param description names the inputs
/// @param tensors the model's inputs by name
record SessionInputs(Path file, EncoderDescription description, Map<String, TensorInfo> tensors) {
  /// What a model is run with.
  ///
  /// @param byName the inputs
  /// @param first the first collated array as the model reads it: in its layout, with the rows and
  ///     the length that it demands
  record Fed(Map<String, OnnxTensor> byName, HostTensor first) implements AutoCloseable {
    @Override
    public void close() {
      byName.values().forEach(OnnxTensor::close);
    }
  }

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
          if (!ElementTypes.KNOWN.contains(tensor.type)) {
            throw new MmctException(
                "input %s of %s must be of %s but is of %s"
                    .formatted(name, file, knownTypes(), ElementTypes.name(tensor.type)));
          }
        });
    requirePadding();
  }

  private static String knownTypes() {
    return ElementTypes.KNOWN.stream()
        .map(ElementTypes::name)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private void requirePadding() {
    OnnxJavaType type = type(description.inputs().getFirst());
    boolean ids = type == OnnxJavaType.INT64 || type == OnnxJavaType.INT32;
    if (ids && description.pool().masked() && description.padding().isEmpty()) {
      throw new MmctException(
          "padding of %s must say which id fills rows up, for pool %s, but is missing"
              .formatted(file, description.pool().name().toLowerCase(Locale.ROOT)));
    }
  }

  /// The number of rows that the model reads at once; -1 where it reads any.
  int rows() {
    return Math.toIntExact(shape(description.inputs().getFirst())[0]);
  }

  /// Whether arrays are read as bytes, which the model itself scales.
  boolean readsBytes() {
    return description.inputs().stream().anyMatch(input -> type(input) == OnnxJavaType.UINT8);
  }

  /// The inputs by name; the caller closes them.
  ///
  /// @param collated the modality's arrays, each `[n, ...]`
  Fed of(List<HostTensor> collated, OrtEnvironment environment) throws OrtException {
    List<HostTensor> arranged = new ArrayList<>();
    for (int i = 0; i < collated.size(); i++) {
      arranged.add(arranged(description.inputs().get(i), collated.get(i)));
    }
    HostTensor first = arranged.getFirst();
    Map<String, OnnxTensor> fed = new LinkedHashMap<>();
    try {
      for (int i = 0; i < arranged.size(); i++) {
        String name = description.inputs().get(i);
        fed.put(name, tensor(name, arranged.get(i), environment));
      }
      for (Map.Entry<String, Fill> fill : description.fill().entrySet()) {
        fed.put(fill.getKey(), filled(fill.getKey(), fill.getValue(), first, environment));
      }
      return new Fed(fed, first);
    } catch (OrtException | RuntimeException e) {
      fed.values().forEach(OnnxTensor::close);
      throw e;
    }
  }

  /// A collated array in the layout, length and number of rows that an input demands.
  private HostTensor arranged(String input, HostTensor made) {
    HostTensor arranged =
        description.layout() == Layout.CHANNELS_LAST ? Arrangement.channelsLast(made) : made;
    long[] read = shape(input);
    boolean ids = arranged.type() == DataType.INT64 && arranged.shape().dimension() == 2;
    if (ids && read.length == 2 && read[1] > arranged.shape().get(1)) {
      arranged = Arrangement.ofLength(arranged, Math.toIntExact(read[1]), padding(input, read[1]));
    }
    if (read.length > 0 && read[0] > arranged.shape().get(0)) {
      arranged = Arrangement.ofRows(arranged, Math.toIntExact(read[0]));
    }
    return arranged;
  }

  private long padding(String input, long length) {
    return description
        .padding()
        .orElseThrow(
            () ->
                new MmctException(
                    "padding must say which id fills rows up, since input %s of %s reads exactly %d ids a row, but is missing"
                        .formatted(input, file, length)));
  }

  private OnnxTensor tensor(String name, HostTensor values, OrtEnvironment environment)
      throws OrtException {
    requireShape(name, values.shape().getShape());
    OnnxJavaType type = type(name);
    if (!ElementTypes.fits(values.type(), type)) {
      throw new MmctException(
          "input %s of %s is of %s, but %s makes %s"
              .formatted(
                  name,
                  file,
                  ElementTypes.name(type),
                  description.name(),
                  values.type().toString().toLowerCase(Locale.ROOT)));
    }
    return create(environment, ElementTypes.of(values, type), values, type);
  }

  private static OnnxTensor create(
      OrtEnvironment environment, ByteBuffer bytes, HostTensor like, OnnxJavaType type)
      throws OrtException {
    return OnnxTensor.createTensor(environment, bytes, like.shape().getShape(), type);
  }

  /// ONNX Runtime would refuse it too, in words that do not say who made the array.
  private void requireShape(String input, long... made) {
    long[] read = shape(input);
    boolean fits = read.length == made.length;
    for (int axis = 0; fits && axis < read.length; axis++) {
      fits = read[axis] < 0 || read[axis] == made[axis];
    }
    if (!fits) {
      throw new MmctException(
          "input %s of %s reads arrays of shape %s but %s makes %s by its options%s"
              .formatted(
                  input,
                  file,
                  Arrays.toString(read).replace("-1", "any"),
                  description.name(),
                  Arrays.toString(made),
                  hint(read, made)));
    }
  }

  /// Pictures in the other layout are the commonest reason.
  private String hint(long[] read, long... made) {
    boolean otherLayout =
        read.length == 4
            && made.length == 4
            && (read[1] == made[3] || read[3] == made[1])
            && made[1] != made[3];
    if (!otherLayout) {
      return "";
    }
    return description.layout() == Layout.CHANNELS_LAST
        ? "; its layout may be channels-first"
        : "; its layout may be channels-last";
  }

  private long[] shape(String input) {
    return Objects.requireNonNull(tensors.get(input)).getShape();
  }

  private OnnxJavaType type(String input) {
    return Objects.requireNonNull(tensors.get(input)).type;
  }

  /// An input that the modality does not make, in the shape of its first.
  private OnnxTensor filled(String name, Fill fill, HostTensor first, OrtEnvironment environment)
      throws OrtException {
    int elements = Math.toIntExact(first.shape().size());
    ByteBuffer bytes = Arrangement.direct(Math.multiplyExact(elements, Long.BYTES));
    LongBuffer values = bytes.asLongBuffer();
    switch (fill) {
      // The memory is zeroed when it is made.
      case ZEROS -> {}
      case MASK -> {
        for (boolean present : present(first)) {
          values.put(present ? 1 : 0);
        }
      }
      case POSITIONS -> {
        int length = Math.toIntExact(first.shape().get(first.shape().dimension() - 1));
        for (int i = 0; i < elements; i++) {
          values.put(i % length);
        }
      }
    }
    OnnxJavaType type = type(name);
    return create(environment, ElementTypes.ofIntegers(bytes, type), first, type);
  }

  /// Whether an id is a token rather than padding, `[n, l]`. Where the end-of-text token also fills
  /// rows up, as with CLIP, the first of a row is a token.
  boolean[] present(HostTensor ids) {
    LongBuffer values = ids(ids);
    long padding = description.padding().orElseThrow();
    boolean ends = description.endOfText().filter(end -> end == padding).isPresent();
    int length = Math.toIntExact(ids.shape().get(1));
    boolean[] present = new boolean[values.remaining()];
    boolean ended = false;
    for (int i = 0; i < present.length; i++) {
      ended &= i % length != 0;
      boolean fills = values.get(i) == padding;
      present[i] = !fills || (ends && !ended);
      ended |= fills;
    }
    return present;
  }

  /// The index of the first end-of-text token of each row.
  ///
  /// @throws MmctException where a row has none
  int[] endOfText(HostTensor ids) {
    LongBuffer values = ids(ids);
    long end = description.endOfText().orElseThrow();
    int length = Math.toIntExact(ids.shape().get(1));
    int[] tokens = new int[Math.toIntExact(ids.shape().get(0))];
    for (int row = 0; row < tokens.length; row++) {
      int token = 0;
      while (token < length && values.get(row * length + token) != end) {
        token++;
      }
      if (token == length) {
        throw new MmctException(
            "pool end-of-text of %s needs the id %d in every row, but %s made a row without it"
                .formatted(file, end, description.name()));
      }
      tokens[row] = token;
    }
    return tokens;
  }

  private LongBuffer ids(HostTensor ids) {
    if (ids.type() != DataType.INT64 || ids.shape().dimension() != 2) {
      throw new MmctException(
          "fill mask and the pooling of tokens of %s need ids [rows, length], but %s makes %s %s"
              .formatted(file, description.name(), ids.type(), ids.shape()));
    }
    return Arrangement.bytes(ids).asLongBuffer();
  }
}
