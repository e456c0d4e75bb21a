package mmct.eval.encode;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.proto.OnnxMessages;
import mmct.eval.onnx.proto.OnnxMessages.Axis;

/// Files with inputs as other programs leave them, which hand their inputs through.
final class ForeignGraphs {
  private static final int FLOAT = 1;

  private ForeignGraphs() {}

  /// Reads `pixels` of a type and shape and returns their values as they come, `features [n, all]`,
  /// in floats of a type.
  static void pixels(Path file, DataType in, DataType out, long... shape) {
    List<Message> nodes =
        List.of(
            node("Cast", "cast", "pixels", OnnxMessages.attribute("to", type(out))),
            node("Flatten", "features", "cast", OnnxMessages.attribute("axis", 1L)));
    long all = 1;
    for (int axis = 1; axis < shape.length; axis++) {
      all *= shape[axis];
    }
    write(
        file,
        nodes,
        List.of(),
        List.of(OnnxMessages.value("pixels", in, axes(shape))),
        OnnxMessages.value("features", out, axes(shape[0], all)));
  }

  /// Reads `input_ids`, `attention_mask` and `position_ids` and returns all three as they come,
  /// float32 `tokens [n, l, 3]`.
  ///
  /// @param rows what the file declares, -1 for any number
  /// @param length what the file declares, -1 for any
  static void tokens(Path file, DataType maskType, long rows, long length) {
    List<Message> nodes = new ArrayList<>();
    List<String> columns = new ArrayList<>();
    for (String input : List.of("input_ids", "attention_mask", "position_ids")) {
      nodes.add(node("Cast", input + ".float", input, OnnxMessages.attribute("to", FLOAT)));
      nodes.add(
          OnnxMessages.node(
              input + ".column",
              "Unsqueeze",
              List.of(input + ".float", "axes"),
              List.of(input + ".column"),
              List.of()));
      columns.add(input + ".column");
    }
    nodes.add(
        OnnxMessages.node(
            "tokens",
            "Concat",
            columns,
            List.of("tokens"),
            List.of(OnnxMessages.attribute("axis", 2L))));
    List<Axis> axes = axes(rows, length);
    write(
        file,
        nodes,
        List.of(
            OnnxMessages.tensor(
                "axes",
                DataType.INT64,
                new long[] {1},
                8,
                channel ->
                    channel.write(
                        ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(2)
                            .rewind()))),
        List.of(
            OnnxMessages.value("input_ids", DataType.INT64, axes),
            OnnxMessages.value("attention_mask", maskType, axes),
            OnnxMessages.value("position_ids", DataType.INT64, axes)),
        OnnxMessages.value("tokens", DataType.FLOAT32, axes(rows, length, 3)));
  }

  private static long type(DataType type) {
    return OnnxMessages.elementType(type);
  }

  private static Message node(String operator, String output, String input, Message attribute) {
    return OnnxMessages.node(output, operator, List.of(input), List.of(output), List.of(attribute));
  }

  private static List<Axis> axes(long... shape) {
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.length; axis++) {
      axes.add(shape[axis] < 0 ? new Axis.Named("axis" + axis) : new Axis.Fixed(shape[axis]));
    }
    return axes;
  }

  private static void write(
      Path file,
      List<Message> nodes,
      List<Message> initializers,
      List<Message> inputs,
      Message output) {
    Message graph = OnnxMessages.graph(nodes, initializers, inputs, List.of(output));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Others write no checksum into their files.
      new Message()
          .integer(1, 9)
          .message(7, graph)
          .message(8, new Message().text(1, "").integer(2, 20))
          .writeTo(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
