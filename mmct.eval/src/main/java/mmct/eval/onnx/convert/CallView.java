package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.eval.onnx.spi.IndexElement;
import mmct.eval.onnx.spi.Size;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;
import mmct.eval.onnx.trace.Argument;
import mmct.eval.onnx.trace.MergedTraces;
import mmct.eval.onnx.trace.Refusal;

/// A call of the merged traces, with the tensors that its arrays have become.
final class CallView implements TracedCall {
  private final MergedTraces.Call call;
  private final MergedTraces traces;
  private final Map<Integer, Tensor> tensors;
  private final NumberExpressions numbers;
  private final Map<String, List<Size>> shapes = new HashMap<>();

  CallView(
      MergedTraces.Call call,
      MergedTraces traces,
      Map<Integer, Tensor> tensors,
      NumberExpressions numbers) {
    this.call = call;
    this.traces = traces;
    this.tensors = tensors;
    this.numbers = numbers;
  }

  @Override
  public String name() {
    return call.name();
  }

  @Override
  public Tensor receiver() {
    return tensorOf(call.receiver().orElseThrow());
  }

  private Tensor tensorOf(int value) {
    Tensor tensor = tensors.get(value);
    if (tensor == null) {
      throw new IllegalStateException("value %d has not been computed".formatted(value));
    }
    shapes.put(tensor.name(), traces.shape(value));
    return tensor;
  }

  @Override
  public int arguments() {
    return call.arguments().getFirst().size();
  }

  private Argument first(int argument) {
    return call.arguments().getFirst().get(argument);
  }

  private IllegalStateException other(int argument) {
    return new IllegalStateException(
        "argument %d of %s is %s".formatted(argument, name(), first(argument)));
  }

  @Override
  public boolean isTensor(int argument) {
    return first(argument) instanceof Argument.Array || first(argument) instanceof Argument.Arrays;
  }

  @Override
  public boolean isWhole(int argument) {
    return first(argument) instanceof Argument.Numeric
        && numerics(argument).stream().allMatch(n -> n.doubleValue() == Math.rint(n.doubleValue()));
  }

  @Override
  public boolean isList(int argument) {
    return first(argument) instanceof Argument.Integers;
  }

  @Override
  public boolean has(int argument) {
    return argument < arguments()
        && !(first(argument) instanceof Argument.Other(Optional<Object> value) && value.isEmpty());
  }

  @Override
  public Tensor tensor(int argument) {
    if (first(argument) instanceof Argument.Array(int value)) {
      return tensorOf(value);
    }
    throw other(argument);
  }

  @Override
  public List<Tensor> tensors(int argument) {
    if (first(argument) instanceof Argument.Arrays(List<Integer> values)) {
      return values.stream().map(this::tensorOf).toList();
    }
    throw other(argument);
  }

  @Override
  public Tensor operand(int argument) {
    return isTensor(argument) ? tensor(argument) : numbers.tensor(numerics(argument));
  }

  private List<Number> numerics(int argument) {
    return each(
        argument,
        a -> {
          if (a instanceof Argument.Numeric(Number number)) {
            return number;
          }
          throw other(argument);
        });
  }

  private <T> List<T> each(int argument, Function<Argument, T> reader) {
    return call.arguments().stream().map(all -> reader.apply(all.get(argument))).toList();
  }

  private long fixed(Size size) {
    if (!size.isFixed()) {
      throw refusal(
          "one of its numbers (%d) depends on the number of rows or their length"
              .formatted(size.first()));
    }
    return size.first();
  }

  @Override
  public int integer(int argument) {
    return Math.toIntExact(fixed(size(argument)));
  }

  @Override
  public long[] integers(int argument) {
    return sizes(argument).stream().mapToLong(this::fixed).toArray();
  }

  @Override
  public Size size(int argument) {
    return new Size(numerics(argument).stream().map(Number::longValue).toList());
  }

  @Override
  public List<Size> sizes(int argument) {
    List<List<Long>> all =
        each(
            argument,
            a -> {
              if (a instanceof Argument.Integers(List<Long> values)) {
                return values;
              }
              throw other(argument);
            });
    return IntStream.range(0, all.getFirst().size())
        .mapToObj(i -> new Size(all.stream().map(values -> values.get(i)).toList()))
        .toList();
  }

  @Override
  public double number(int argument) {
    List<Number> values = numerics(argument);
    if (values.stream().distinct().count() > 1) {
      throw refusal(
          "one of its numbers (%s) depends on the number of rows or their length"
              .formatted(values.getFirst()));
    }
    return values.getFirst().doubleValue();
  }

  @Override
  public boolean flag(int argument) {
    return value(argument, Boolean.class);
  }

  @Override
  public <T> T value(int argument, Class<T> type) {
    if (first(argument) instanceof Argument.Other(Optional<Object> value)) {
      return type.cast(value.orElseThrow(() -> other(argument)));
    }
    throw other(argument);
  }

  @Override
  public List<IndexElement> index(int argument) {
    List<List<Argument.Step>> all =
        each(
            argument,
            a -> {
              if (a instanceof Argument.Index(List<Argument.Step> steps)) {
                return steps;
              }
              throw other(argument);
            });
    List<IndexElement> elements = new ArrayList<>();
    for (int i = 0; i < all.getFirst().size(); i++) {
      int at = i;
      elements.add(element(all.stream().map(steps -> steps.get(at)).toList()));
    }
    return elements;
  }

  private IndexElement element(List<Argument.Step> steps) {
    return switch (steps.getFirst()) {
      case Argument.Step.All all -> new IndexElement.All();
      case Argument.Step.NewAxis axis -> new IndexElement.NewAxis();
      case Argument.Step.Ellipsis ellipsis -> new IndexElement.Ellipsis();
      case Argument.Step.Fixed fixed ->
          new IndexElement.Fixed(
              new Size(steps.stream().map(s -> ((Argument.Step.Fixed) s).place()).toList()));
      case Argument.Step.Slice slice ->
          new IndexElement.Slice(
              bound(steps, Argument.Step.Slice::from),
              bound(steps, Argument.Step.Slice::to),
              new Size(steps.stream().map(s -> ((Argument.Step.Slice) s).step()).toList()));
      case Argument.Step.Take(int value) -> new IndexElement.Take(tensorOf(value));
      case Argument.Step.Pick(int value) -> new IndexElement.Pick(tensorOf(value));
      case Argument.Step.Mask(int value) -> new IndexElement.Mask(tensorOf(value));
    };
  }

  private static Optional<Size> bound(
      List<Argument.Step> steps, Function<Argument.Step.Slice, Optional<Long>> side) {
    List<Long> values =
        steps.stream()
            .map(step -> side.apply((Argument.Step.Slice) step))
            .flatMap(Optional::stream)
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(new Size(values));
  }

  @Override
  public List<Size> shape(Tensor tensor) {
    // A number among the operands has no axes.
    return shapes.getOrDefault(tensor.name(), List.of());
  }

  @Override
  public List<DataType> types() {
    return call.results().stream().map(traces::type).toList();
  }

  @Override
  public List<Size> resultShape(int result) {
    return traces.shape(call.results().get(result));
  }

  @Override
  public MmctException refusal(String why) {
    return Refusal.of(name(), call.line(), why);
  }
}
