package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import mmct.eval.onnx.spi.Graph;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;

/// Finds out how a number that differs between traces follows from the shapes of the tensors in
/// the graph, and computes it there.
///
/// The traces say what a number was, not where it came from. So the simplest formula that fits all
/// of them is taken: an axis of a tensor, a multiple of one, a product or a sum of two, one with
/// something added, one divided, its remainder, one that is bounded. There are traces at every
/// length of a short range and at several long ones, so that a formula that fits by accident is
/// hardly found; it would not survive the comparison with ONNX Runtime at other sizes.
final class SizeExpressions {
  private static final int LARGEST_DIVISOR = 64;
  private static final int LARGEST_OFFSET = 16;

  private final Graph graph;
  private final Map<Size, Axis> axes = new LinkedHashMap<>();
  private final Map<Size, Tensor> found = new LinkedHashMap<>();

  private record Axis(Tensor tensor, int number) {}

  SizeExpressions(Graph graph) {
    this.graph = graph;
  }

  /// Makes the axes of a tensor known that differ between traces.
  void know(Tensor tensor, List<Size> shape) {
    for (int axis = 0; axis < shape.size(); axis++) {
      if (!shape.get(axis).isFixed()) {
        axes.putIfAbsent(shape.get(axis), new Axis(tensor, axis));
      }
    }
  }

  /// Whether a size can be computed from what is known.
  boolean isKnown(Size size) {
    return size.isFixed() || find(size).isPresent();
  }

  /// A size as an int64 vector of one element.
  Tensor vector(Size size) {
    return find(size)
        .orElseThrow(
            () ->
                new UnknownSizeException(
                    "the number %d changes with the number of rows or their length in a way that no"
                            .formatted(size.first())
                        + " simple formula gives"));
  }

  /// Says that a size cannot be computed; the call that needs it is added on the way out.
  static final class UnknownSizeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String why;

    UnknownSizeException(String why) {
      super(why);
      this.why = why;
    }

    String why() {
      return why;
    }
  }

  private Optional<Tensor> find(Size size) {
    if (size.isFixed()) {
      return Optional.of(graph.integers(size.first()));
    }
    Tensor known = found.get(size);
    if (known == null) {
      known = search(size).orElse(null);
      if (known != null) {
        found.put(size, known);
      }
    }
    return Optional.ofNullable(known);
  }

  private Optional<Tensor> search(Size size) {
    List<Size> candidates = new ArrayList<>(axes.keySet());
    return first(candidates, axis -> axis.sameAs(size) ? Optional.of(read(axis)) : Optional.empty())
        .or(() -> first(candidates, axis -> multiple(axis, size)))
        .or(() -> first(candidates, axis -> product(axis, candidates, size)))
        .or(() -> first(candidates, axis -> shifted(axis, size)))
        .or(() -> first(candidates, axis -> affine(axis, size)))
        .or(() -> first(candidates, axis -> sum(axis, candidates, size)))
        .or(() -> first(candidates, axis -> bounded("Min", axis, size)))
        .or(() -> first(candidates, axis -> bounded("Max", axis, size)))
        .or(() -> first(candidates, axis -> divided(axis, size)))
        .or(() -> first(candidates, axis -> remainder(axis, size)));
  }

  private interface Attempt {
    Optional<Tensor> with(Size axis);
  }

  private static Optional<Tensor> first(List<Size> axes, Attempt attempt) {
    return axes.stream().map(attempt::with).flatMap(Optional::stream).findFirst();
  }

  private Tensor read(Size size) {
    Axis axis = axes.get(size);
    if (axis == null) {
      throw new IllegalStateException("no axis has the size " + size);
    }
    return graph
        .node("Shape")
        .in(axis.tensor())
        .with("start", axis.number())
        .with("end", axis.number() + 1L)
        .out(DataType.INT64);
  }

  /// The sizes of known axes.
  List<Size> known() {
    return List.copyOf(axes.keySet());
  }

  private Optional<Tensor> multiple(Size axis, Size size) {
    long factor = axis.first() == 0 ? 0 : size.first() / axis.first();
    return fits(size, axis, n -> n * factor)
        ? Optional.of(compute("Mul", read(axis), factor))
        : Optional.empty();
  }

  private Optional<Tensor> product(Size axis, List<Size> others, Size size) {
    for (Size other : others) {
      long both = axis.first() * other.first();
      long factor = both == 0 ? 0 : size.first() / both;
      if (fits(size, axis, other, (n, l) -> n * l * factor)) {
        Tensor area = graph.node("Mul").in(read(axis), read(other)).out(DataType.INT64);
        return Optional.of(compute("Mul", area, factor));
      }
    }
    return Optional.empty();
  }

  private Optional<Tensor> shifted(Size axis, Size size) {
    long offset = size.first() - axis.first();
    return fits(size, axis, n -> n + offset)
        ? Optional.of(compute("Add", read(axis), offset))
        : Optional.empty();
  }

  private Optional<Tensor> affine(Size axis, Size size) {
    int other = 0;
    while (other < axis.values().size() && axis.at(other) == axis.first()) {
      other++;
    }
    if (other == axis.values().size()) {
      return Optional.empty();
    }
    long slope = (size.at(other) - size.first()) / (axis.at(other) - axis.first());
    long offset = size.first() - slope * axis.first();
    return fits(size, axis, n -> slope * n + offset)
        ? Optional.of(compute("Add", compute("Mul", read(axis), slope), offset))
        : Optional.empty();
  }

  /// The sum or the difference of two axes and a constant.
  private Optional<Tensor> sum(Size axis, List<Size> others, Size size) {
    for (Size other : others) {
      for (int sign : new int[] {1, -1}) {
        long offset = size.first() - axis.first() - sign * other.first();
        if (fits(size, axis, other, (n, l) -> n + sign * l + offset)) {
          String operator = sign > 0 ? "Add" : "Sub";
          Tensor both = graph.node(operator).in(read(axis), read(other)).out(DataType.INT64);
          return Optional.of(compute("Add", both, offset));
        }
      }
    }
    return Optional.empty();
  }

  /// An axis with something added that is no larger, or no less, than a bound.
  private Optional<Tensor> bounded(String operator, Size axis, Size size) {
    boolean above = operator.equals("Min");
    LongBinaryOperator bounding = above ? Math::min : Math::max;
    long bound = above ? Collections.max(size.values()) : Collections.min(size.values());
    int free = 0;
    while (free < size.values().size() && size.at(free) == bound) {
      free++;
    }
    if (free == size.values().size()) {
      return Optional.empty();
    }
    long offset = size.at(free) - axis.at(free);
    return fits(size, axis, n -> bounding.applyAsLong(n + offset, bound))
        ? Optional.of(compute(operator, compute("Add", read(axis), offset), bound))
        : Optional.empty();
  }

  /// What is left of an axis, with something added, when it is divided, and a constant.
  private Optional<Tensor> remainder(Size axis, Size size) {
    long least = Collections.min(size.values());
    for (long divisor = 2; divisor <= LARGEST_DIVISOR; divisor++) {
      for (long offset = 0; offset < divisor; offset++) {
        long by = divisor;
        long added = offset;
        if (fits(size, axis, n -> (n + added) % by + least)) {
          Tensor left = compute("Mod", compute("Add", read(axis), offset), divisor);
          return Optional.of(compute("Add", left, least));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Tensor> divided(Size axis, Size size) {
    for (int divisor = 2; divisor <= LARGEST_DIVISOR; divisor++) {
      for (long distance = 0; distance <= 2L * LARGEST_OFFSET; distance++) {
        // 0, 1, −1, 2, −2 and so on: the smallest offset that fits.
        long offset = distance % 2 == 0 ? -distance / 2 : (distance + 1) / 2;
        long by = divisor;
        if (fits(size, axis, n -> (n + offset) / by)) {
          return Optional.of(compute("Div", compute("Add", read(axis), offset), by));
        }
        if (fits(size, axis, n -> (n + offset) / by * by)) {
          Tensor parts = compute("Div", compute("Add", read(axis), offset), by);
          return Optional.of(compute("Mul", parts, by));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean fits(Size size, Size axis, LongUnaryOperator formula) {
    return traces(size).allMatch(i -> formula.applyAsLong(axis.at((int) i)) == size.at((int) i));
  }

  private static boolean fits(Size size, Size one, Size other, LongBinaryOperator formula) {
    return traces(size)
        .allMatch(i -> formula.applyAsLong(one.at((int) i), other.at((int) i)) == size.at((int) i));
  }

  private static LongStream traces(Size size) {
    return LongStream.range(0, size.values().size());
  }

  private Tensor compute(String operator, Tensor tensor, long operand) {
    boolean neutral =
        switch (operator) {
          case "Add" -> operand == 0;
          case "Mul", "Div" -> operand == 1;
          default -> false;
        };
    return neutral
        ? tensor
        : graph.node(operator).in(tensor, graph.integers(operand)).out(DataType.INT64);
  }
}
