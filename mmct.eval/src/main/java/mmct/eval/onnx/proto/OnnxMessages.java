package mmct.eval.onnx.proto;

import ai.djl.ndarray.types.DataType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import mmct.api.io.EmbeddedDigest;

/// The messages of `onnx.proto`, with its field numbers.
public final class OnnxMessages {
  /// The first operator set of version 9 of the format; those from 16 to 18 have version 8.
  private static final int VERSION_9 = 19;

  private static final long EXTERNAL = 1;

  private OnnxMessages() {}

  /// A size in the declaration of an input or output.
  public sealed interface Axis {
    /// A size that never changes.
    record Fixed(long size) implements Axis {}

    /// A size that depends on what is fed.
    record Named(String name) implements Axis {}
  }

  /// The number by which the format names an element type.
  ///
  /// @throws IllegalArgumentException where it has none
  public static int elementType(DataType type) {
    return switch (type) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case BOOLEAN -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BFLOAT16 -> 16;
      default -> throw new IllegalArgumentException("ONNX has no element type " + type);
    };
  }

  /// Where a model carries its SHA-256: its last metadata are `sha256` and 64 digits, and they are
  /// the end of the file.
  public static final EmbeddedDigest.Place DIGEST =
      new EmbeddedDigest.Place("rJ\n\u0006sha256\u0012@".getBytes(StandardCharsets.US_ASCII), -76);

  /// The first metadata of a model that carries its SHA-256, so that one whose end is missing is
  /// told from one that never had it.
  public static final String SEALED = "sealed";

  /// What the key of metadata begins with that hold the SHA-256 of a file of weights; its name
  /// follows.
  public static final String WEIGHTS = "weights-sha256.";

  /// A `ModelProto` of the default operators, which leaves room for its SHA-256 at [#DIGEST].
  ///
  /// @param operatorSet the version of the operators, 17 to 20
  public static Message model(Message graph, Map<String, String> metadata, int operatorSet) {
    Message model =
        new Message()
            .integer(1, operatorSet < VERSION_9 ? 8 : 9)
            .text(2, "MMCT")
            .message(7, graph)
            .message(8, new Message().text(1, "").integer(2, operatorSet));
    model.message(14, entry(SEALED, EmbeddedDigest.KEY));
    metadata.forEach((key, value) -> model.message(14, entry(key, value)));
    return model.message(14, entry(EmbeddedDigest.KEY, EmbeddedDigest.BLANK));
  }

  private static Message entry(String key, String value) {
    return new Message().text(1, key).text(2, value);
  }

  /// A `GraphProto`.
  public static Message graph(
      List<Message> nodes,
      List<Message> initializers,
      List<Message> inputs,
      List<Message> outputs) {
    Message graph = new Message();
    nodes.forEach(node -> graph.message(1, node));
    graph.text(2, "encoder");
    initializers.forEach(initializer -> graph.message(5, initializer));
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    return graph;
  }

  /// A `NodeProto`; an input that is left out has an empty name.
  public static Message node(
      String name,
      String operator,
      List<String> inputs,
      List<String> outputs,
      List<Message> attributes) {
    Message node = new Message();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    node.text(3, name).text(4, operator);
    attributes.forEach(attribute -> node.message(5, attribute));
    return node;
  }

  /// An `AttributeProto` of an integer.
  public static Message attribute(String name, long value) {
    return new Message().text(1, name).integer(3, value).integer(20, 2);
  }

  /// An `AttributeProto` of a float.
  public static Message attribute(String name, float value) {
    return new Message().text(1, name).number(2, value).integer(20, 1);
  }

  /// An `AttributeProto` of a text.
  public static Message attribute(String name, String value) {
    return new Message().text(1, name).text(4, value).integer(20, 3);
  }

  /// An `AttributeProto` of integers.
  public static Message attribute(String name, long[] values) {
    Message attribute = new Message().text(1, name);
    for (long value : values) {
      attribute.integer(8, value);
    }
    return attribute.integer(20, 7);
  }

  /// An `AttributeProto` of texts.
  public static Message attribute(String name, List<String> values) {
    Message attribute = new Message().text(1, name);
    values.forEach(value -> attribute.text(9, value));
    return attribute.integer(20, 8);
  }

  /// A `TensorProto` whose elements stand in the file, little-endian and row-major.
  public static Message tensor(
      String name, DataType type, long[] shape, long bytes, Message.Content content) {
    return tensorHeader(name, type, shape).content(9, bytes, content);
  }

  /// A `TensorProto` whose elements stand in a file beside.
  ///
  /// @param location the other file's name
  public static Message externalTensor(
      String name, DataType type, long[] shape, String location, long offset, long bytes) {
    return tensorHeader(name, type, shape)
        .message(13, new Message().text(1, "location").text(2, location))
        .message(13, new Message().text(1, "offset").text(2, Long.toString(offset)))
        .message(13, new Message().text(1, "length").text(2, Long.toString(bytes)))
        .integer(14, EXTERNAL);
  }

  private static Message tensorHeader(String name, DataType type, long[] shape) {
    Message tensor = new Message();
    for (long size : shape) {
      tensor.integer(1, size);
    }
    return tensor.integer(2, elementType(type)).text(8, name);
  }

  /// A `ValueInfoProto`.
  public static Message value(String name, DataType type, List<Axis> shape) {
    Message axes = new Message();
    for (Axis axis : shape) {
      axes.message(
          1,
          switch (axis) {
            case Axis.Fixed(long size) -> new Message().integer(1, size);
            case Axis.Named(String symbol) -> new Message().text(2, symbol);
          });
    }
    Message tensor = new Message().integer(1, elementType(type)).message(2, axes);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }
}
