package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.IndexElement;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Operations that read or write some of the elements.
final class Indexing {
  private Indexing() {}

  static OperatorConverters table() {
    return new Table()
        .one("get", (c, g) -> new IndexedRead(c, g).read(c.receiver(), elements(c)))
        .one("set", Indexing::written)
        .one("gather", (c, g) -> elementsAt(c.receiver(), c.tensor(0), c.integer(1), g))
        .one("gatherNd", Indexing::gatherNd)
        .one("take", (c, g) -> taken(c.receiver(), c.tensor(0), g))
        .one("scatter", Indexing::scattered)
        .one("put", Indexing::put)
        .one("oneHot", Indexing::oneHot);
  }

  /// `get(index)` and `get(places...)`.
  private static List<IndexElement> elements(TracedCall call) {
    if (!call.isList(0)) {
      return call.index(0);
    }
    List<IndexElement> places = new ArrayList<>();
    call.sizes(0).forEach(place -> places.add(new IndexElement.Fixed(place)));
    return places;
  }

  private static Tensor places(Tensor tensor, Graph graph) {
    return graph.cast(tensor, DataType.INT64);
  }

  static Tensor elementsAt(Tensor tensor, Tensor places, int axis, Graph graph) {
    return graph
        .node("GatherElements")
        .in(tensor, places(places, graph))
        .with("axis", axis)
        .out(tensor.type());
  }

  /// Elements by their numbers in the flattened tensor.
  private static Tensor taken(Tensor tensor, Tensor places, Graph graph) {
    return graph
        .node("Gather")
        .in(Shaping.flat(tensor, graph), places(places, graph))
        .out(tensor.type());
  }

  /// The first axis of the places counts the axes of the tensor; ONNX has it last.
  private static Tensor gatherNd(TracedCall call, Graph graph) {
    Tensor places = places(call.tensor(0), graph);
    int rank = call.shape(call.tensor(0)).size();
    long[] order = LongStream.concat(LongStream.range(1, rank), LongStream.of(0)).toArray();
    Tensor last = Shaping.transpose(places, graph, order);
    return graph.node("GatherND").in(call.receiver(), last).out(call.type());
  }

  private static Tensor scattered(TracedCall call, Graph graph) {
    return graph
        .node("ScatterElements")
        .in(call.receiver(), places(call.tensor(0), graph))
        .in(graph.cast(call.tensor(1), call.type()))
        .with("axis", call.integer(2))
        .out(call.type());
  }

  /// Writes elements by their numbers in the flattened tensor.
  private static Tensor put(TracedCall call, Graph graph) {
    Tensor values = Shaping.flat(graph.cast(call.tensor(1), call.type()), graph);
    Tensor places = Shaping.flat(places(call.tensor(0), graph), graph);
    return overwritten(call, places, values, graph);
  }

  private static Tensor overwritten(TracedCall call, Tensor places, Tensor values, Graph graph) {
    Tensor flat = Shaping.flat(call.receiver(), graph);
    Tensor changed = graph.node("ScatterElements").in(flat, places, values).out(call.type());
    return graph
        .node("Reshape")
        .in(changed, shape(call.receiver(), graph))
        .with("allowzero", 1)
        .out(call.type());
  }

  private static Tensor shape(Tensor tensor, Graph graph) {
    return graph.node("Shape").in(tensor).out(DataType.INT64);
  }

  /// `set(index, value)`: the index is read from the numbers of the elements, and the elements of
  /// these numbers are overwritten.
  private static Tensor written(TracedCall call, Graph graph) {
    List<IndexElement> elements = elements(call);
    Tensor value = graph.cast(call.operand(1), call.type());
    if (!elements.isEmpty() && elements.getFirst() instanceof IndexElement.Mask(Tensor mask)) {
      return masked(call, mask, value, graph);
    }
    Tensor tensor = call.receiver();
    Tensor count = graph.node("Size").in(tensor).out(DataType.INT64);
    Tensor zero = graph.number(0, DataType.INT64);
    Tensor numbers =
        graph.node("Range").in(zero, count, graph.number(1, DataType.INT64)).out(DataType.INT64);
    Tensor grid =
        graph
            .node("Reshape")
            .in(numbers, shape(tensor, graph))
            .with("allowzero", 1)
            .out(DataType.INT64);
    Tensor places = new IndexedRead(call, graph).read(grid, elements);
    Tensor values = Shaping.broadcast(value, shape(places, graph), graph);
    return overwritten(call, Shaping.flat(places, graph), Shaping.flat(values, graph), graph);
  }

  /// One value for all elements at which a mask of the leading axes is true.
  private static Tensor masked(TracedCall call, Tensor mask, Tensor value, Graph graph) {
    int rank = call.shape(call.receiver()).size();
    int axes = call.shape(mask).size();
    List<Size> written = call.isTensor(1) ? call.shape(call.tensor(1)) : List.of();
    if (!written.stream().allMatch(size -> size.is(1))) {
      throw call.refusal("several values are written to where a mask is true");
    }
    long[] missing = LongStream.range(axes, rank).toArray();
    Tensor wide = missing.length == 0 ? mask : Shaping.unsqueeze(mask, graph, missing);
    Tensor single = graph.node("Reshape").in(value, graph.integers(ones(rank))).out(call.type());
    DataType type = Types.computed(call.type());
    return graph
        .node("Where")
        .in(wide, graph.cast(single, type), graph.cast(call.receiver(), type))
        .out(type);
  }

  private static long[] ones(int rank) {
    long[] ones = new long[rank];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Tensor oneHot(TracedCall call, Graph graph) {
    Tensor range =
        Shaping.joined(
            List.of(
                Shaping.unsqueeze(graph.number(0, DataType.FLOAT32), graph, 0),
                Shaping.unsqueeze(graph.number(1, DataType.FLOAT32), graph, 0)),
            0,
            graph);
    return graph.cast(
        graph
            .node("OneHot")
            .in(places(call.receiver(), graph), graph.size(call.size(0)), range)
            .out(DataType.FLOAT32),
        call.type());
  }
}
