package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Recurrent layers. Both sides give each gate w rows of one matrix, in different orders; the
/// graph reorders them, so that the weights in the file are the block's.
final class Recurrences {
  /// The operators of ONNX.
  private enum Kind {
    /// The engine: reset, update, new. ONNX: update, reset, hidden.
    GRU(1, 1, 0, 2),
    /// The engine: input, forget, cell, output. ONNX: input, output, forget, cell.
    LSTM(2, 0, 3, 1, 2),
    /// One gate.
    RNN(1, 0);

    /// How many states are carried on.
    private final int states;

    /// Where the engine has each gate, in the order of ONNX.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Integer> gates;

    Kind(int states, Integer... gates) {
      this.states = states;
      this.gates = List.of(gates);
    }
  }

  private final Kind kind;
  private final TracedCall call;
  private final Graph graph;

  /// Where the arguments after the numbers of layers begin, which an activation may precede.
  private final int shift;

  private final List<Tensor> parameters;
  private final boolean biases;
  private final int layers;
  private final int directions;

  private Recurrences(Kind kind, TracedCall call, Graph graph) {
    this.kind = kind;
    this.call = call;
    this.graph = graph;
    shift = kind == Kind.RNN ? 1 : 0;
    parameters = call.tensors(2);
    biases = call.flag(3);
    layers = call.integer(4);
    directions = call.flag(7 + shift) ? 2 : 1;
  }

  static OperatorConverters table() {
    return new Table()
        .several("gru", (c, g) -> new Recurrences(Kind.GRU, c, g).converted())
        .several("lstm", (c, g) -> new Recurrences(Kind.LSTM, c, g).converted())
        .several("rnn", (c, g) -> new Recurrences(Kind.RNN, c, g).converted());
  }

  /// `f(input, state, parameters, biases, layers, dropRate, training, bidirectional, batchFirst)`.
  private List<Tensor> converted() {
    if (call.flag(6 + shift) && call.number(5 + shift) > 0) {
      throw call.refusal("its result is random");
    }
    boolean rowsFirst = call.flag(8 + shift);
    Tensor sequence = call.tensor(0);
    sequence = rowsFirst ? Shaping.transpose(sequence, graph, 1, 0, 2) : sequence;
    List<Tensor> starts = kind == Kind.LSTM ? call.tensors(1) : List.of(call.tensor(1));
    List<List<Tensor>> ends = List.of(new ArrayList<>(), new ArrayList<>());
    for (int layer = 0; layer < layers; layer++) {
      List<Tensor> results = layer(layer, sequence, starts);
      sequence = merged(results.getFirst());
      for (int i = 0; i < kind.states; i++) {
        ends.get(i).add(results.get(1 + i));
      }
    }
    List<Tensor> results = new ArrayList<>();
    results.add(rowsFirst ? Shaping.transpose(sequence, graph, 1, 0, 2) : sequence);
    for (int i = 0; i < kind.states; i++) {
      List<Tensor> states = ends.get(i);
      results.add(states.size() == 1 ? states.getFirst() : Shaping.joined(states, 0, graph));
    }
    return results;
  }

  /// One layer: all outputs `[l, directions, n, w]`, then the last states `[directions, n, w]`.
  private List<Tensor> layer(int layer, Tensor sequence, List<Tensor> starts) {
    Node node =
        graph
            .node(kind.name())
            .in(sequence, weights(layer, 0), weights(layer, 1))
            .in(biases ? List.of(bias(layer)) : List.of());
    if (!biases) {
      node.absent();
    }
    node.absent();
    for (Tensor start : starts) {
      node.in(part(start, layer));
    }
    node.with("hidden_size", width());
    node.with("direction", directions == 2 ? "bidirectional" : "forward");
    if (kind == Kind.GRU) {
      node.with("linear_before_reset", 1);
    }
    if (kind == Kind.RNN) {
      String function = call.value(5, Enum.class).name().toLowerCase(Locale.ROOT);
      String name = function.equals("relu") ? "Relu" : "Tanh";
      node.with("activations", IntStream.range(0, directions).mapToObj(i -> name).toList());
    }
    DataType type = call.type();
    return node.outs(kind == Kind.LSTM ? List.of(type, type, type) : List.of(type, type));
  }

  private long width() {
    return call.resultShape(1).getLast().first();
  }

  /// The directions side by side: `[l, directions, n, w]` to `[l, n, directions w]`.
  private Tensor merged(Tensor outputs) {
    if (directions == 1) {
      return graph.node("Squeeze").in(outputs, graph.integers(1)).out(call.type());
    }
    Tensor turned = Shaping.transpose(outputs, graph, 0, 2, 1, 3);
    return graph
        .node("Reshape")
        .in(turned, graph.integers(0, 0, directions * width()))
        .out(call.type());
  }

  /// The states of one layer, `[directions, n, w]` of `[layers directions, n, w]`.
  private Tensor part(Tensor states, int layer) {
    if (layers == 1) {
      return states;
    }
    return graph
        .node("Slice")
        .in(states, graph.integers((long) layer * directions))
        .in(graph.integers((layer + 1L) * directions), graph.integers(0))
        .out(call.type());
  }

  /// A parameter of a layer and direction: weight for the input, for the state, bias of both.
  private Tensor parameter(int layer, int direction, int number) {
    int each = biases ? 4 : 2;
    return parameters.get((layer * directions + direction) * each + number);
  }

  /// A weight of all directions, `[directions, gates w, in]`.
  private Tensor weights(int layer, int number) {
    return perDirection(direction -> reordered(parameter(layer, direction, number)));
  }

  /// Both biases of all directions, `[directions, 2 gates w]`.
  private Tensor bias(int layer) {
    return perDirection(
        direction ->
            Shaping.joined(
                List.of(
                    reordered(parameter(layer, direction, 2)),
                    reordered(parameter(layer, direction, 3))),
                0,
                graph));
  }

  private Tensor perDirection(java.util.function.IntFunction<Tensor> maker) {
    List<Tensor> parts =
        IntStream.range(0, directions)
            .mapToObj(direction -> Shaping.unsqueeze(maker.apply(direction), graph, 0))
            .toList();
    return parts.size() == 1 ? parts.getFirst() : Shaping.joined(parts, 0, graph);
  }

  private Tensor reordered(Tensor parameter) {
    int count = kind.gates.size();
    if (count == 1) {
      return parameter;
    }
    List<DataType> types = IntStream.range(0, count).mapToObj(i -> parameter.type()).toList();
    Node split = graph.node("Split").in(parameter).with("axis", 0);
    if (graph.operatorSet() >= 18) {
      split.with("num_outputs", count);
    }
    List<Tensor> gates = split.outs(types);
    return Shaping.joined(kind.gates.stream().map(gates::get).toList(), 0, graph);
  }
}
