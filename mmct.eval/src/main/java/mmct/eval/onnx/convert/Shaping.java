package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Node;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// Operations that move elements or repeat them.
final class Shaping {
  private Shaping() {}

  static OperatorConverters table() {
    return new Table()
        .one("reshape", Shaping::reshaped)
        .one("flatten", Shaping::reshaped)
        .one("expandDims", Shaping::expanded)
        .one("squeeze", Shaping::squeezed)
        .one("transpose", Shaping::transposed)
        .one("swapAxes", Shaping::swapped)
        .one("broadcast", (c, g) -> broadcast(c.receiver(), g.sizes(c.resultShape(0)), g))
        .one("stack", Shaping::stacked)
        .one("concat", (c, g) -> joined(all(c, g), c.integer(1), g))
        .several("split", Shaping::split)
        .one("tile", Shaping::tiled)
        .one("repeat", Shaping::repeated)
        .one("flip", (c, g) -> flipped(c.receiver(), c.integers(0), g))
        .one("pad", Shaping::padded);
  }

  private static Tensor reshaped(TracedCall call, Graph graph) {
    return reshape(call.receiver(), call.shape(call.receiver()), call.resultShape(0), graph);
  }

  /// Gives a tensor another shape. Where ONNX can find the sizes itself (0: as in the input, −1:
  /// what is left) they need not be computed. What is left cannot be found where an axis that is
  /// kept may be 0 long, such as that of the rows.
  static Tensor reshape(Tensor tensor, List<Size> from, List<Size> to, Graph graph) {
    long[] plain = new long[to.size()];
    int kept = 0;
    int open = 0;
    for (int axis = 0; axis < plain.length; axis++) {
      Size size = to.get(axis);
      if (size.isFixed()) {
        plain[axis] = size.first();
      } else if (axis < from.size() && from.get(axis).sameAs(size)) {
        plain[axis] = 0;
        kept++;
      } else {
        plain[axis] = -1;
        open++;
      }
    }
    boolean empty = to.stream().anyMatch(size -> size.is(0));
    boolean computed = empty || open > 1 || (open == 1 && kept > 0);
    Node node =
        graph.node("Reshape").in(tensor, computed ? graph.sizes(to) : graph.integers(plain));
    return (computed ? node.with("allowzero", 1) : node).out(tensor.type());
  }

  /// A tensor as a vector.
  static Tensor flat(Tensor tensor, Graph graph) {
    return graph.node("Reshape").in(tensor, graph.integers(-1)).out(tensor.type());
  }

  private static Tensor expanded(TracedCall call, Graph graph) {
    return unsqueeze(call.receiver(), graph, call.integer(0));
  }

  static Tensor unsqueeze(Tensor tensor, Graph graph, long... axes) {
    return graph.node("Unsqueeze").in(tensor, graph.integers(axes)).out(tensor.type());
  }

  /// `squeeze()`, `squeeze(axis)` and `squeeze(axes)`; an axis that is not 1 long stays.
  private static Tensor squeezed(TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    List<Size> shape = call.shape(tensor);
    int kept = call.resultShape(0).size();
    if (kept == shape.size()) {
      return tensor;
    }
    long[] axes = LongStream.range(0, shape.size()).filter(i -> shape.get((int) i).is(1)).toArray();
    if (call.arguments() > 0 && call.has(0)) {
      axes = asked(call, shape.size());
    }
    return graph.node("Squeeze").in(tensor, graph.integers(axes)).out(tensor.type());
  }

  private static long[] asked(TracedCall call, int rank) {
    long[] axes = call.isList(0) ? call.integers(0) : new long[] {call.integer(0)};
    return Arrays.stream(axes).map(axis -> axis < 0 ? axis + rank : axis).toArray();
  }

  private static Tensor transposed(TracedCall call, Graph graph) {
    int rank = call.shape(call.receiver()).size();
    long[] order =
        call.arguments() > 0
            ? call.integers(0)
            : LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    return transpose(call.receiver(), graph, order);
  }

  static Tensor transpose(Tensor tensor, Graph graph, long... order) {
    int rank = order.length;
    long[] positive = Arrays.stream(order).map(axis -> axis < 0 ? axis + rank : axis).toArray();
    return graph.node("Transpose").in(tensor).with("perm", positive).out(tensor.type());
  }

  private static Tensor swapped(TracedCall call, Graph graph) {
    int rank = call.shape(call.receiver()).size();
    return swap(call.receiver(), rank, call.integer(0), call.integer(1), graph);
  }

  static Tensor swap(Tensor tensor, int rank, int one, int other, Graph graph) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.swap(order, Math.floorMod(one, rank), Math.floorMod(other, rank));
    return transpose(tensor, graph, order.stream().mapToLong(i -> i).toArray());
  }

  static Tensor broadcast(Tensor tensor, Tensor shape, Graph graph) {
    return graph.node("Expand").in(tensor, shape).out(tensor.type());
  }

  /// The receiver and those of the list, in the type of the result.
  private static List<Tensor> all(TracedCall call, Graph graph) {
    return Stream.concat(Stream.of(call.receiver()), call.tensors(0).stream())
        .map(tensor -> graph.cast(tensor, call.type()))
        .toList();
  }

  private static Tensor stacked(TracedCall call, Graph graph) {
    int axis = Math.floorMod(call.integer(1), call.resultShape(0).size());
    List<Tensor> slices =
        all(call, graph).stream().map(tensor -> unsqueeze(tensor, graph, axis)).toList();
    return joined(slices, axis, graph);
  }

  static Tensor joined(List<Tensor> tensors, int axis, Graph graph) {
    return graph.node("Concat").in(tensors).with("axis", axis).out(tensors.getFirst().type());
  }

  private static List<Tensor> split(TracedCall call, Graph graph) {
    int axis = call.integer(1);
    List<DataType> types = call.types();
    if (types.size() == 1) {
      return List.of(call.receiver());
    }
    List<Size> lengths =
        IntStream.range(0, types.size())
            .mapToObj(
                i -> {
                  List<Size> shape = call.resultShape(i);
                  return shape.get(Math.floorMod(axis, shape.size()));
                })
            .toList();
    return graph
        .node("Split")
        .in(call.receiver(), graph.sizes(lengths))
        .with("axis", axis)
        .outs(types);
  }

  /// `tile(times)` along every axis, `tile(times[])` along the last ones.
  private static Tensor tiled(TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    int rank = call.shape(tensor).size();
    List<Size> times =
        call.isList(0)
            ? new ArrayList<>(call.sizes(0))
            : new ArrayList<>(Collections.nCopies(Math.max(1, rank), call.size(0)));
    while (times.size() < rank) {
      times.addFirst(Size.fixed(1));
    }
    if (times.size() > rank) {
      tensor = unsqueeze(tensor, graph, LongStream.range(0, times.size() - rank).toArray());
    }
    return graph.node("Tile").in(tensor, graph.sizes(times)).out(tensor.type());
  }

  /// Repeats each element along an axis as often as the result is longer: a new axis after it is
  /// expanded and joined with it.
  private static Tensor repeated(TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    List<Size> shape = new ArrayList<>(call.shape(tensor));
    List<Size> target = call.resultShape(0);
    if (shape.isEmpty()) {
      return broadcast(tensor, graph.sizes(target), graph);
    }
    for (int axis = 0; axis < target.size(); axis++) {
      if (!shape.get(axis).sameAs(target.get(axis))) {
        List<Size> wide = new ArrayList<>(shape);
        wide.add(axis + 1, Size.fixed(factor(call, shape.get(axis), target.get(axis))));
        tensor = broadcast(unsqueeze(tensor, graph, axis + 1L), graph.sizes(wide), graph);
        shape.set(axis, target.get(axis));
        tensor = reshape(tensor, wide, shape, graph);
      }
    }
    return tensor;
  }

  private static long factor(TracedCall call, Size from, Size to) {
    long factor = to.first() / Math.max(1, from.first());
    for (int i = 0; i < Math.max(from.values().size(), to.values().size()); i++) {
      if (from.at(i) * factor != to.at(i)) {
        throw call.refusal("how often it repeats depends on the number of rows or their length");
      }
    }
    return factor;
  }

  static Tensor flipped(Tensor tensor, long[] axes, Graph graph) {
    long[] starts = new long[axes.length];
    long[] ends = new long[axes.length];
    Arrays.fill(starts, -1);
    // Before the first place; −1 would be the last.
    Arrays.fill(ends, -Integer.MAX_VALUE);
    return graph
        .node("Slice")
        .in(tensor, graph.integers(starts), graph.integers(ends), graph.integers(axes))
        .in(graph.integers(starts))
        .out(tensor.type());
  }

  /// The engine counts from the last axis, two numbers each; ONNX wants all starts, then all ends.
  private static Tensor padded(TracedCall call, Graph graph) {
    Tensor tensor = call.receiver();
    List<Size> given = call.sizes(0);
    int rank = call.shape(tensor).size();
    List<Size> pads = new ArrayList<>(Collections.nCopies(2 * rank, Size.fixed(0)));
    for (int i = 0; i < given.size() / 2; i++) {
      int axis = rank - 1 - i;
      pads.set(axis, given.get(2 * i));
      pads.set(rank + axis, given.get(2 * i + 1));
    }
    Tensor value = graph.number(call.number(1), tensor.type());
    return graph.node("Pad").in(tensor, graph.sizes(pads), value).out(tensor.type());
  }
}
