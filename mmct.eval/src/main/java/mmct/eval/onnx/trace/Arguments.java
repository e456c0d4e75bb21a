package mmct.eval.onnx.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexBooleans;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexPick;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was given to a call, as it is recorded and as the real arrays understand it.
final class Arguments {
  private Arguments() {}

  /// The arguments without arrays, managers and devices.
  static List<Argument> recorded(@Nullable Object[] given, Session session) {
    List<Argument> recorded = new ArrayList<>();
    for (Object argument : given) {
      if (!(argument instanceof NDManager || argument instanceof Device)) {
        recorded.add(recorded(argument, session));
      }
    }
    return List.copyOf(recorded);
  }

  private static Argument recorded(@Nullable Object argument, Session session) {
    return switch (argument) {
      case null -> new Argument.Other(Optional.empty());
      case NDArray array -> new Argument.Array(session.value(array));
      case NDList list -> new Argument.Arrays(list.stream().map(session::value).toList());
      case Number number -> new Argument.Numeric(number);
      case Shape shape -> integers(shape.getShape());
      case long[] values -> integers(values);
      case int[] values -> integers(Arrays.stream(values).asLongStream().toArray());
      case NDIndex index -> new Argument.Index(steps(index, session));
      default -> new Argument.Other(Optional.of(argument));
    };
  }

  private static Argument integers(long[] values) {
    return new Argument.Integers(Arrays.stream(values).boxed().toList());
  }

  private static List<Argument.Step> steps(NDIndex index, Session session) {
    List<Argument.Step> steps = new ArrayList<>();
    index.getIndices().forEach(element -> steps.add(step(element, session)));
    if (index.getEllipsisIndex() >= 0) {
      steps.add(index.getEllipsisIndex(), new Argument.Step.Ellipsis());
    }
    return List.copyOf(steps);
  }

  private static Argument.Step step(NDIndexElement element, Session session) {
    return switch (element) {
      case NDIndexAll all -> new Argument.Step.All();
      case NDIndexNull axis -> new Argument.Step.NewAxis();
      case NDIndexFixed fixed -> new Argument.Step.Fixed(fixed.getIndex());
      case NDIndexSlice slice ->
          new Argument.Step.Slice(
              Optional.ofNullable(slice.getMin()),
              Optional.ofNullable(slice.getMax()),
              slice.getStep() == null ? 1 : slice.getStep());
      case NDIndexTake take -> new Argument.Step.Take(session.value(take.getIndex()));
      case NDIndexPick pick -> new Argument.Step.Pick(session.value(pick.getIndex()));
      case NDIndexBooleans mask -> new Argument.Step.Mask(session.value(mask.getIndex()));
      default -> throw new IllegalStateException("unknown index " + element.getClass());
    };
  }

  /// The arguments with the real arrays and the real manager.
  static @Nullable Object[] real(@Nullable Object[] given, Session session) {
    @Nullable Object[] real = new @Nullable Object[given.length];
    for (int i = 0; i < given.length; i++) {
      real[i] =
          switch (given[i]) {
            case NDArray array -> session.real(array);
            case NDList list -> new NDList(list.stream().map(session::real).toList());
            case NDManager manager -> session.realManager();
            case NDIndex index -> realIndex(index, session);
            case null -> null;
            default -> given[i];
          };
    }
    return real;
  }

  private static NDIndex realIndex(NDIndex index, Session session) {
    NDIndex real = new NDIndex();
    List<NDIndexElement> elements = index.getIndices();
    for (int i = 0; i <= elements.size(); i++) {
      if (i == index.getEllipsisIndex()) {
        real.addEllipseDim();
      }
      if (i < elements.size()) {
        addReal(real, elements.get(i), session);
      }
    }
    return real;
  }

  private static void addReal(NDIndex real, NDIndexElement element, Session session) {
    switch (element) {
      case NDIndexFixed fixed -> real.addIndices(fixed.getIndex());
      case NDIndexTake take -> real.addIndices("{}", session.real(take.getIndex()));
      case NDIndexPick pick -> real.addPickDim(session.real(pick.getIndex()));
      case NDIndexBooleans mask -> real.addBooleanIndex(session.real(mask.getIndex()));
      case NDIndexAll all -> real.addAllDim();
      case NDIndexNull axis -> real.addIndices("null");
      // The elements without arrays are values; the list gives access to those of slices.
      default -> {
        real.addAllDim();
        real.getIndices().set(real.getIndices().size() - 1, element);
      }
    }
  }
}
