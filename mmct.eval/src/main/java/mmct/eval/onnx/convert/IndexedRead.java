package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.IndexElement;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Reads what an index such as `:, 0, 2:5, ...` says: all stretches at once, then single places and
/// places given by an array, from the last axis to the first, then new axes.
final class IndexedRead {
  private static final long TO_THE_END = Long.MAX_VALUE;

  private final TracedCall call;
  private final Graph graph;

  IndexedRead(TracedCall call, Graph graph) {
    this.call = call;
    this.graph = graph;
  }

  /// Reads.
  ///
  /// @param tensor of the shape of the call's receiver
  Tensor read(Tensor tensor, List<IndexElement> index) {
    int rank = call.shape(call.receiver()).size();
    List<IndexElement> elements = spelledOut(index, rank);
    Tensor result = slices(tensor, elements);
    int axis = rank;
    int arrays = 0;
    for (IndexElement element : elements.reversed()) {
      axis -= element instanceof IndexElement.NewAxis ? 0 : 1;
      switch (element) {
        case IndexElement.Fixed(Size place) -> result = gather(result, graph.size(place), axis);
        case IndexElement.Take(Tensor places) -> {
          result = gather(result, graph.cast(places, DataType.INT64), axis);
          arrays++;
        }
        case IndexElement.Pick(Tensor places) -> result = picked(result, places, axis);
        case IndexElement.Mask mask ->
            throw call.refusal("how many elements a mask lets through is known only at run time");
        case IndexElement.All all -> {}
        case IndexElement.Slice slice -> {}
        case IndexElement.NewAxis added -> {}
        case IndexElement.Ellipsis rest -> {}
      }
    }
    if (arrays > 1) {
      throw call.refusal("its index holds more than one array");
    }
    return withNewAxes(result, elements);
  }

  /// The index with whole axes in place of `...` and of those that are not mentioned.
  private static List<IndexElement> spelledOut(List<IndexElement> index, int rank) {
    long mentioned =
        index.stream()
            .filter(
                e -> !(e instanceof IndexElement.NewAxis) && !(e instanceof IndexElement.Ellipsis))
            .count();
    List<IndexElement> elements = new ArrayList<>(index);
    int rest = elements.indexOf(new IndexElement.Ellipsis());
    if (rest >= 0) {
      elements.remove(rest);
    }
    for (long i = mentioned; i < rank; i++) {
      elements.add(rest >= 0 ? rest : elements.size(), new IndexElement.All());
    }
    return elements;
  }

  private Tensor slices(Tensor tensor, List<IndexElement> elements) {
    List<Size> from = new ArrayList<>();
    List<Size> to = new ArrayList<>();
    List<Size> axes = new ArrayList<>();
    List<Size> steps = new ArrayList<>();
    int axis = 0;
    for (IndexElement element : elements) {
      if (element instanceof IndexElement.Slice(Optional<Size> start, Optional<Size> end, Size s)) {
        from.add(start.orElse(Size.fixed(0)));
        to.add(end.orElse(Size.fixed(TO_THE_END)));
        axes.add(Size.fixed(axis));
        steps.add(s);
      }
      axis += element instanceof IndexElement.NewAxis ? 0 : 1;
    }
    return axes.isEmpty()
        ? tensor
        : graph
            .node("Slice")
            .in(tensor, graph.sizes(from), graph.sizes(to), graph.sizes(axes))
            .in(graph.sizes(steps))
            .out(tensor.type());
  }

  private Tensor gather(Tensor tensor, Tensor places, int axis) {
    return graph.node("Gather").in(tensor, places).with("axis", axis).out(tensor.type());
  }

  /// One element of the axis for each of the others.
  private Tensor picked(Tensor tensor, Tensor places, int axis) {
    Tensor wide = Shaping.reshape(places, call.shape(places), call.resultShape(0), graph);
    return Indexing.elementsAt(tensor, wide, axis, graph);
  }

  private Tensor withNewAxes(Tensor tensor, List<IndexElement> elements) {
    List<Long> added = new ArrayList<>();
    long axis = 0;
    for (IndexElement element : elements) {
      switch (element) {
        case IndexElement.NewAxis place -> {
          added.add(axis);
          axis++;
        }
        case IndexElement.Fixed place -> {}
        case IndexElement.Take(Tensor places) -> axis += call.shape(places).size();
        case IndexElement.All all -> axis++;
        case IndexElement.Slice slice -> axis++;
        case IndexElement.Pick pick -> axis++;
        case IndexElement.Mask mask -> axis++;
        case IndexElement.Ellipsis rest -> {}
      }
    }
    return added.isEmpty()
        ? tensor
        : Shaping.unsqueeze(tensor, graph, added.stream().mapToLong(a -> a).toArray());
  }
}
