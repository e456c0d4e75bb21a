package mmct.eval.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.eval.onnx.convert.Conversion;
import mmct.eval.onnx.convert.Initializer;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.proto.OnnxMessages;
import mmct.eval.onnx.proto.OnnxMessages.Axis;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;

/// Puts a graph into the messages of a file.
///
/// @param request gives metadata and operator set
/// @param graph nodes and weights
/// @param names of axes that are not fixed
record ModelLayout(OnnxRequest request, Conversion.Converted graph, AxisNames names) {
  /// Everything in one file.
  Message whole() {
    return model(
        graph.initializers().stream()
            .map(i -> OnnxMessages.tensor(i.name(), i.type(), i.shape(), i.bytes(), i.content()))
            .toList(),
        request.metadata());
  }

  /// The weights, which may stand in a file beside, one after the other.
  List<Initializer> weights() {
    return graph.initializers().stream().filter(Initializer::weight).toList();
  }

  /// The file whose weights stand in another.
  ///
  /// @param location the other file's name
  /// @param offsets where each weight begins there, by name
  /// @param digest the other file's SHA-256, which the metadata keep
  Message beside(String location, Map<String, Long> offsets, String digest) {
    List<Message> tensors = new ArrayList<>();
    for (Initializer i : graph.initializers()) {
      Long offset = offsets.get(i.name());
      tensors.add(
          offset == null
              ? OnnxMessages.tensor(i.name(), i.type(), i.shape(), i.bytes(), i.content())
              : OnnxMessages.externalTensor(
                  i.name(), i.type(), i.shape(), location, offset, i.bytes()));
    }
    Map<String, String> metadata = new LinkedHashMap<>(request.metadata());
    metadata.put(OnnxMessages.WEIGHTS + location, digest);
    return model(tensors, metadata);
  }

  private Message model(List<Message> tensors, Map<String, String> metadata) {
    return OnnxMessages.model(
        OnnxMessages.graph(graph.nodes(), tensors, values(graph.inputs()), values(graph.outputs())),
        metadata,
        request.opset());
  }

  private List<Message> values(Map<Tensor, List<Size>> tensors) {
    return tensors.entrySet().stream().map(e -> value(e.getKey(), e.getValue())).toList();
  }

  private Message value(Tensor tensor, List<Size> shape) {
    List<Axis> axes =
        IntStream.range(0, shape.size())
            .mapToObj(axis -> axis(shape.get(axis), tensor.name() + "_" + axis))
            .toList();
    return OnnxMessages.value(tensor.name(), tensor.type(), axes);
  }

  private Axis axis(Size size, String otherwise) {
    return size.isFixed()
        ? new Axis.Fixed(size.first())
        : new Axis.Named(names.of(size, otherwise));
  }
}
