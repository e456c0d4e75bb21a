package mmct.eval.onnx.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.trace.Leaf;
import mmct.eval.onnx.trace.MergedTraces;
import mmct.eval.onnx.trace.Refusal;

/// Turns merged traces into a graph, call by call.
public final class Conversion {
  private final MergedTraces traces;
  private final Map<String, OperatorConverter> converters;
  private final DataType weightType;
  private final GraphBuilder graph = new GraphBuilder();
  private final Map<Integer, Tensor> tensors = new HashMap<>();

  /// The graph of a block.
  ///
  /// @param nodes in order
  /// @param initializers its weights and constants
  /// @param inputs shape and element type of each input by name, in order
  /// @param output the output
  public record Converted(
      List<Message> nodes,
      List<Initializer> initializers,
      Map<Tensor, List<Size>> inputs,
      Tensor output,
      List<Size> outputShape) {}

  private Conversion(
      MergedTraces traces, Map<String, OperatorConverter> converters, DataType weightType) {
    this.traces = traces;
    this.converters = converters;
    this.weightType = weightType;
  }

  /// Converts traces.
  ///
  /// @param converters by the name of the method
  /// @param inputNames a name for each input
  /// @param weightType how 32-bit weights are stored
  /// @throws mmct.api.MmctException where a call cannot be converted
  public static Converted convert(
      MergedTraces traces,
      Map<String, OperatorConverter> converters,
      List<String> inputNames,
      String outputName,
      DataType weightType) {
    return new Conversion(traces, converters, weightType).run(inputNames, outputName);
  }

  private Converted run(List<String> inputNames, String outputName) {
    graph.claim(outputName);
    Map<Tensor, List<Size>> declared = inputs(inputNames);
    NumberExpressions numbers = new NumberExpressions(graph);
    for (MergedTraces.Call call : traces.neededCalls()) {
      call.receiver().ifPresent(this::leaf);
      call.values().forEach(this::leaf);
      convert(call, numbers);
    }
    leaf(traces.output());
    Tensor result = tensor(traces.output());
    graph.alias(result, outputName);
    return new Converted(
        graph.nodes(),
        graph.initializers(),
        declared,
        new Tensor(outputName, result.type()),
        traces.shape(traces.output()));
  }

  private Map<Tensor, List<Size>> inputs(List<String> names) {
    Map<Tensor, List<Size>> declared = new LinkedHashMap<>();
    Map<Integer, Integer> values = new TreeMap<>();
    traces
        .leaves()
        .forEach(
            (value, leaf) -> {
              if (leaf instanceof Leaf.Input(int position)) {
                values.put(position, value);
              }
            });
    values.forEach(
        (position, value) -> {
          Tensor input = new Tensor(graph.claim(names.get(position)), traces.type(value));
          tensors.put(value, input);
          declared.put(input, traces.shape(value));
          graph.expressions().know(input, traces.shape(value));
        });
    return declared;
  }

  /// Adds a weight or constant when the first call needs it.
  private void leaf(int value) {
    if (tensors.containsKey(value)) {
      return;
    }
    switch (traces.leaves().get(value)) {
      case Leaf.Weight(String name, NDArray array) ->
          tensors.put(value, graph.array(name, array, stored(array), true));
      case Leaf.Host(NDArray array, String origin) ->
          tensors.put(value, graph.array("constant", array, array.getDataType(), false));
      case Leaf.Input input -> throw new IllegalStateException("an input without a name");
      case null -> {
        // The result of a call, which comes up in its turn.
      }
    }
  }

  private DataType stored(NDArray array) {
    return array.getDataType() == DataType.FLOAT32 ? weightType : array.getDataType();
  }

  private Tensor tensor(int value) {
    Tensor tensor = tensors.get(value);
    if (tensor == null) {
      throw new IllegalStateException("value %d has not been computed".formatted(value));
    }
    return tensor;
  }

  private void convert(MergedTraces.Call call, NumberExpressions numbers) {
    OperatorConverter converter = converters.get(call.name());
    if (converter == null) {
      throw Refusal.of(
          call.name(),
          call.line(),
          "there is no converter for it; a provider of OperatorConverters can add one");
    }
    CallView view = new CallView(call, traces, tensors, numbers);
    List<Tensor> results = new ArrayList<>();
    try {
      results.addAll(converter.convert(view, graph));
    } catch (SizeExpressions.UnknownSizeException e) {
      throw Refusal.of(call.name(), call.line(), e.why());
    }
    for (int i = 0; i < call.results().size(); i++) {
      int value = call.results().get(i);
      Tensor result = graph.cast(results.get(i), traces.type(value));
      tensors.put(value, result);
      graph.expressions().know(result, traces.shape(value));
    }
  }
}
