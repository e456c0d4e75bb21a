package mmct.eval.onnx.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.eval.onnx.spi.Size;

/// Traces of one block at different sizes of its inputs, put side by side: the same calls of the
/// same values, whose numbers may differ.
public final class MergedTraces {
  private static final String COUNT =
      "what is done depends on the number of rows or their length, which a graph cannot follow;"
          + " work on whole arrays instead of looping over rows";

  private final List<Recording> recordings;
  private final List<Call> calls = new ArrayList<>();
  private final List<Integer> outputs;

  /// A call in all traces.
  ///
  /// @param name the method
  /// @param receiver the value whose method was called; empty for a manager's
  /// @param arguments its arguments in each trace, all of one structure
  /// @param results the values that it returned
  /// @param line where the caller's code made the call
  public record Call(
      String name,
      OptionalInt receiver,
      List<List<Argument>> arguments,
      List<Integer> results,
      String line) {
    /// The values among its arguments.
    public Set<Integer> values() {
      Set<Integer> values = new LinkedHashSet<>();
      arguments.getFirst().forEach(argument -> addValues(argument, values));
      return values;
    }
  }

  /// Merges traces.
  ///
  /// @throws MmctException where they differ in more than numbers
  public MergedTraces(List<Tracer.Traced> traces) {
    recordings = traces.stream().map(Tracer.Traced::recording).toList();
    outputs = traces.getFirst().outputs();
    int count = recordings.stream().mapToInt(r -> r.calls().size()).min().orElse(0);
    for (int i = 0; i < count; i++) {
      int at = i;
      calls.add(merge(recordings.stream().map(r -> r.calls().get(at)).toList()));
    }
    for (Recording recording : recordings) {
      if (recording.calls().size() > count) {
        Recording.Call more = recording.calls().get(count);
        throw Refusal.of(more.name(), more.line(), COUNT);
      }
    }
    for (Tracer.Traced trace : traces) {
      if (!trace.outputs().equals(outputs)) {
        throw Refusal.of("forward", "the block", COUNT);
      }
    }
    calls.forEach(this::requireOneRank);
    leaves().forEach(this::requireOneContent);
  }

  private static Call merge(List<Recording.Call> calls) {
    Recording.Call first = calls.getFirst();
    for (Recording.Call call : calls) {
      if (!call.name().equals(first.name())
          || !call.receiver().equals(first.receiver())
          || !call.results().equals(first.results())
          || !sameStructure(call.arguments(), first.arguments())) {
        throw Refusal.of(first.name(), first.line(), COUNT);
      }
    }
    return new Call(
        first.name(),
        first.receiver(),
        calls.stream().map(Recording.Call::arguments).toList(),
        first.results(),
        first.line());
  }

  private static boolean sameStructure(List<Argument> one, List<Argument> other) {
    return one.size() == other.size()
        && IntStream.range(0, one.size()).allMatch(i -> sameStructure(one.get(i), other.get(i)));
  }

  private static boolean sameStructure(Argument one, Argument other) {
    return switch (one) {
      case Argument.Numeric number -> other instanceof Argument.Numeric;
      case Argument.Integers(List<Long> values) ->
          other instanceof Argument.Integers(List<Long> others) && values.size() == others.size();
      case Argument.Index(List<Argument.Step> steps) ->
          other instanceof Argument.Index(List<Argument.Step> others)
              && steps.size() == others.size()
              && IntStream.range(0, steps.size())
                  .allMatch(i -> sameStructure(steps.get(i), others.get(i)));
      case Argument.Array array -> array.equals(other);
      case Argument.Arrays arrays -> arrays.equals(other);
      case Argument.Other value -> value.equals(other);
    };
  }

  private static boolean sameStructure(Argument.Step one, Argument.Step other) {
    return switch (one) {
      case Argument.Step.Fixed fixed -> other instanceof Argument.Step.Fixed;
      case Argument.Step.Slice slice ->
          other instanceof Argument.Step.Slice stretch
              && slice.from().isPresent() == stretch.from().isPresent()
              && slice.to().isPresent() == stretch.to().isPresent();
      case Argument.Step.All all -> all.equals(other);
      case Argument.Step.NewAxis axis -> axis.equals(other);
      case Argument.Step.Ellipsis ellipsis -> ellipsis.equals(other);
      case Argument.Step.Take take -> take.equals(other);
      case Argument.Step.Pick pick -> pick.equals(other);
      case Argument.Step.Mask mask -> mask.equals(other);
    };
  }

  private void requireOneRank(Call call) {
    for (int result : call.results()) {
      Recording.Value first = recordings.getFirst().values().get(result);
      for (Recording recording : recordings) {
        Recording.Value value = recording.values().get(result);
        if (value.type() != first.type()
            || value.shape().dimension() != first.shape().dimension()) {
          throw Refusal.of(call.name(), call.line(), COUNT);
        }
      }
    }
  }

  private void requireOneContent(int value, Leaf leaf) {
    if (leaf instanceof Leaf.Host(NDArray array, String origin)) {
      for (Recording recording : recordings) {
        if (!(recording.leaves().get(value) instanceof Leaf.Host(NDArray other, String place))
            || !sameContent(array, other)) {
          throw Refusal.of(
              "create",
              origin,
              "the array is made of values that depend on the number of rows or their length");
        }
      }
    }
  }

  /// An array that the block keeps is the same one in every pass.
  @SuppressWarnings("ReferenceEquality")
  private static boolean sameContent(NDArray one, NDArray other) {
    if (one == other) {
      return true;
    }
    return one.getShape().equals(other.getShape())
        && one.getDataType() == other.getDataType()
        && bytes(one).equals(bytes(other));
  }

  private static ByteBuffer bytes(NDArray array) {
    return array.toDevice(Device.cpu(), false).toByteBuffer();
  }

  /// The calls that the outputs depend on, in order.
  public List<Call> neededCalls() {
    Set<Integer> needed = new HashSet<>(outputs);
    List<Call> kept = new ArrayList<>();
    for (Call call : calls.reversed()) {
      if (call.results().stream().anyMatch(needed::contains)) {
        kept.add(call);
        call.receiver().ifPresent(needed::add);
        needed.addAll(call.values());
      }
    }
    return kept.reversed();
  }

  private static void addValues(Argument argument, Set<Integer> needed) {
    switch (argument) {
      case Argument.Array(int value) -> needed.add(value);
      case Argument.Arrays(List<Integer> values) -> needed.addAll(values);
      case Argument.Index(List<Argument.Step> steps) -> {
        for (Argument.Step step : steps) {
          switch (step) {
            case Argument.Step.Take(int value) -> needed.add(value);
            case Argument.Step.Pick(int value) -> needed.add(value);
            case Argument.Step.Mask(int value) -> needed.add(value);
            case Argument.Step.All all -> {}
            case Argument.Step.NewAxis axis -> {}
            case Argument.Step.Ellipsis ellipsis -> {}
            case Argument.Step.Fixed fixed -> {}
            case Argument.Step.Slice slice -> {}
          }
        }
      }
      case Argument.Numeric number -> {}
      case Argument.Integers integers -> {}
      case Argument.Other other -> {}
    }
  }

  /// The values that no call returned, by number.
  public Map<Integer, Leaf> leaves() {
    return recordings.getFirst().leaves();
  }

  /// The values that are the block's outputs.
  public List<Integer> outputs() {
    return outputs;
  }

  /// Whether an output may depend on the order in which the engine puts equal elements, which it
  /// leaves open.
  public boolean leavesOrderOpen() {
    return neededCalls().stream()
        .anyMatch(call -> call.name().equals("topK") || call.name().equals("argSort"));
  }

  /// Whether an output depends on something that is computed with 16-bit floats.
  public boolean computesInHalf() {
    return neededCalls().stream()
        .flatMap(call -> call.results().stream())
        .anyMatch(value -> type(value) == DataType.FLOAT16);
  }

  /// A value's element type.
  public DataType type(int value) {
    return recordings.getFirst().values().get(value).type();
  }

  /// A value's shape.
  public List<Size> shape(int value) {
    int rank = recordings.getFirst().values().get(value).shape().dimension();
    return IntStream.range(0, rank).mapToObj(axis -> size(value, axis)).toList();
  }

  private Size size(int value, int axis) {
    return new Size(recordings.stream().map(r -> r.values().get(value).shape().get(axis)).toList());
  }
}
