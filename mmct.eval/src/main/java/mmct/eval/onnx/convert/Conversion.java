package mmct.eval.onnx.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.api.MmctException;
import mmct.eval.onnx.proto.Message;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.trace.Aside;
import mmct.eval.onnx.trace.Leaf;
import mmct.eval.onnx.trace.MergedTraces;
import mmct.eval.onnx.trace.Refusal;

/// Turns merged traces into a graph, call by call.
public final class Conversion {
  private final MergedTraces traces;
  private final Map<String, OperatorConverter> converters;
  private final Target target;
  private final GraphBuilder graph;
  private final Map<Integer, Tensor> tensors = new HashMap<>();

  /// The graph of a block.
  ///
  /// @param nodes in order
  /// @param initializers its weights and constants
  /// @param inputs the inputs and their shapes, in order
  /// @param outputs the outputs and their shapes, in order
  /// @param origins the call that each node was made for, by the node's name
  public record Converted(
      List<Message> nodes,
      List<Initializer> initializers,
      Map<Tensor, List<Size>> inputs,
      Map<Tensor, List<Size>> outputs,
      Map<String, String> origins) {}

  /// What a graph is to be like.
  ///
  /// @param inputNames a name for each input
  /// @param outputNames a name for each output
  /// @param weightType how 32-bit weights are stored
  /// @param operatorSet the version of ONNX's operators
  public record Target(
      List<String> inputNames, List<String> outputNames, DataType weightType, int operatorSet) {}

  private Conversion(
      MergedTraces traces, Map<String, OperatorConverter> converters, Target target) {
    this.traces = traces;
    this.converters = converters;
    this.target = target;
    graph = new GraphBuilder(target.operatorSet());
  }

  /// Converts traces.
  ///
  /// @param converters by the name of the method
  /// @throws mmct.api.MmctException where a call cannot be converted
  public static Converted convert(
      MergedTraces traces, Map<String, OperatorConverter> converters, Target target) {
    return new Conversion(traces, converters, target).run();
  }

  private Converted run() {
    target.outputNames().forEach(graph::claim);
    Map<Tensor, List<Size>> declared = inputs(target.inputNames());
    NumberExpressions numbers = new NumberExpressions(graph);
    for (MergedTraces.Call call : traces.neededCalls()) {
      call.receiver().ifPresent(this::leaf);
      call.values().forEach(this::leaf);
      convert(call, numbers);
    }
    Map<Tensor, List<Size>> outputs = new LinkedHashMap<>();
    for (int i = 0; i < traces.outputs().size(); i++) {
      int value = traces.outputs().get(i);
      leaf(value);
      Tensor result = tensor(value);
      graph.alias(result, target.outputNames().get(i));
      outputs.put(new Tensor(target.outputNames().get(i), result.type()), traces.shape(value));
    }
    return new Converted(graph.nodes(), graph.initializers(), declared, outputs, graph.origins());
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

  private static void requireType(MergedTraces.Call call, DataType type) {
    switch (type) {
      case FLOAT32, FLOAT64, FLOAT16, BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, INT64 -> {}
      default ->
          throw Refusal.of(call.name(), call.line(), "its result is of type %s".formatted(type));
    }
  }

  private List<Tensor> results(OperatorConverter converter, MergedTraces.Call call, CallView view) {
    List<Tensor> results = new ArrayList<>();
    try {
      results.addAll(converter.convert(view, graph));
    } catch (MmctException e) {
      throw e;
    } catch (SizeExpressions.UnknownSizeException e) {
      throw Refusal.of(call.name(), call.line(), e.why());
    } catch (RuntimeException e) {
      MmctException refusal =
          Refusal.of(
              call.name(),
              call.line(),
              "its converter has no form for these arguments" + Aside.of(e));
      refusal.initCause(e);
      throw refusal;
    }
    if (results.size() < call.results().size()) {
      throw Refusal.of(
          call.name(),
          call.line(),
          "its converter gives %d of %d results".formatted(results.size(), call.results().size()));
    }
    return results;
  }

  private DataType stored(NDArray array) {
    return array.getDataType() == DataType.FLOAT32 ? target.weightType() : array.getDataType();
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
    call.results().forEach(result -> requireType(call, traces.type(result)));
    CallView view = new CallView(call, traces, tensors, numbers);
    graph.from("the operation %s in %s".formatted(call.name(), call.line()));
    List<Tensor> results = results(converter, call, view);
    for (int i = 0; i < call.results().size(); i++) {
      int value = call.results().get(i);
      Tensor result = graph.cast(results.get(i), traces.type(value));
      tensors.put(value, result);
      graph.expressions().know(result, traces.shape(value));
    }
  }
}
