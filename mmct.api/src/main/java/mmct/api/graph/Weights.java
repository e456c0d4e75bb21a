package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Torch;

/// The parameters of one encoder. Those that are trained lie side by side in one array, so that a
/// momentum update, an optimiser's rule and a norm are a few operations for all of them together
/// instead of a few for each.
public final class Weights {
  /// Parts of the flat array begin at multiples of 64 bytes, which vector instructions like.
  private static final long ALIGNMENT = 16;

  /// Elements of a piece of the flat array that stays in a core's cache.
  private static final long PIECE = 1 << 18;

  /// Elements of a piece on a GPU, where every operation has a price of its own; what is made of a
  /// piece on the way takes 128 MB at most.
  private static final long GPU_PIECE = 1 << 25;

  private final Map<String, Parameter> all;
  private final List<Slot> slots;
  private final NDArray flat;

  /// A trained parameter's place.
  ///
  /// @param name its dotted name
  /// @param parameter the block's parameter, whose array is a view of the flat one
  /// @param offset where it begins in the flat array, in elements
  /// @param size its number of elements
  /// @param end where the next one begins
  /// @param shape its shape
  /// @param decay whether weight decay applies to it
  public record Slot(
      String name,
      Parameter parameter,
      long offset,
      long size,
      long end,
      Shape shape,
      Decay decay) {
    /// Whether it is a weight proper, neither a bias nor part of a normalisation nor a lone number.
    public boolean decays() {
      return decay == Decay.ALWAYS;
    }

    /// Whether weight decay applies to it.
    ///
    /// @param biasAndNorm whether biases and normalisations are decayed
    public boolean decays(boolean biasAndNorm) {
      return switch (decay) {
        case ALWAYS -> true;
        case WITH_BIASES -> biasAndNorm;
        case NEVER -> false;
      };
    }
  }

  /// Whether weight decay applies to a parameter.
  public enum Decay {
    /// To weights proper.
    ALWAYS,
    /// To biases, to what belongs to a normalisation, and to other parameters of one dimension,
    /// where the optimiser is told to.
    WITH_BIASES,
    /// To lone numbers such as a scale or a temperature's logarithm, for which zero is no neutral
    /// value.
    NEVER
  }

  private Weights(Map<String, Parameter> all, List<Slot> slots, NDArray flat) {
    this.all = all;
    this.slots = slots;
    this.flat = flat;
  }

  /// Moves initialised parameters into one flat array.
  ///
  /// @param parameters by dotted name, in order
  /// @param owner the manager that keeps the flat array
  public static Weights gather(Map<String, Parameter> parameters, NDManager owner) {
    return gather(parameters, Weights::decay, owner);
  }

  /// Moves initialised parameters into one flat array.
  ///
  /// @param parameters by dotted name, in order
  /// @param decay tells whether weight decay applies
  /// @param owner the manager that keeps the flat array
  static Weights gather(
      Map<String, Parameter> parameters, Function<Parameter, Decay> decay, NDManager owner) {
    List<Slot> slots = new ArrayList<>();
    // Weights proper first, then biases and normalisations: neighbours are updated together. The
    // order is that of the memory in checkpoints, and follows from the types alone.
    append(parameters, true, decay, slots);
    append(parameters, false, decay, slots);
    long size = slots.isEmpty() ? 0 : slots.getLast().end();
    NDArray flat = owner.zeros(new Shape(size), DataType.FLOAT32);
    for (Slot slot : slots) {
      place(slot, flat, owner);
    }
    Map<String, Parameter> all = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    all.values().forEach(parameter -> parameter.getArray().attach(owner));
    return new Weights(all, List.copyOf(slots), flat);
  }

  private static void append(
      Map<String, Parameter> parameters,
      boolean weights,
      Function<Parameter, Decay> decay,
      List<Slot> slots) {
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGradient() && isWeight(parameter) == weights) {
            long offset = slots.isEmpty() ? 0 : slots.getLast().end();
            Shape shape = parameter.getArray().getShape();
            long end = (offset + shape.size() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            slots.add(
                new Slot(
                    name, parameter, offset, shape.size(), end, shape, decay.apply(parameter)));
          }
        });
  }

  private static void place(Slot slot, NDArray flat, NDManager owner) {
    NDArray array = slot.parameter().getArray();
    array.setRequiresGradient(false);
    try (NDArray part = Torch.rows(flat, slot.offset(), slot.offset() + slot.size(), owner)) {
      NDArray view = part.reshape(slot.shape());
      Torch.copy(array, view);
      array.intern(view);
    }
  }

  private static Decay decay(Parameter parameter) {
    int dimensions = parameter.getArray().getShape().dimension();
    if (dimensions == 0) {
      return Decay.NEVER;
    }
    return isWeight(parameter) && dimensions > 1 ? Decay.ALWAYS : Decay.WITH_BIASES;
  }

  private static boolean isWeight(Parameter parameter) {
    return switch (parameter.getType()) {
      case WEIGHT, OTHER -> true;
      case BIAS, GAMMA, BETA, RUNNING_MEAN, RUNNING_VAR -> false;
    };
  }

  /// All parameters by dotted name, the running statistics of normalisations included.
  public Map<String, NDArray> arrays() {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    all.forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
    return arrays;
  }

  /// The trained parameters in the order in which they lie in [#flat].
  public List<Slot> slots() {
    return slots;
  }

  /// All trained parameters, `[total]`, with gaps of zeros between them.
  public NDArray flat() {
    return flat;
  }

  /// How many neighbouring elements of [#flat] are best worked on together.
  public long piece() {
    return flat.getDevice().isGpu() ? GPU_PIECE : PIECE;
  }

  /// The number of trained values.
  public long count() {
    return slots.stream().mapToLong(Slot::size).sum();
  }

  /// Moves every trained parameter towards another's: θ ← m·θ + (1−m)·θ′. Running statistics stay.
  ///
  /// @param other trained weights of the same block
  /// @param keep m
  /// @param fused does it in one call, where there is such a one
  void average(Weights other, double keep, Optional<FusedUpdates> fused) {
    fused.ifPresentOrElse(
        updates -> updates.towards(new NDList(flat), new NDList(other.flat), 1 - keep),
        () -> averagePieces(other, keep));
  }

  private void averagePieces(Weights other, double keep) {
    long size = flat.size();
    long piece = piece();
    try (NDManager scope = flat.getManager().newSubManager()) {
      NDArray mine = scope.full(new Shape(), (float) keep);
      NDArray theirs = scope.full(new Shape(), (float) (1 - keep));
      for (long from = 0; from < size; from += piece) {
        long to = Math.min(size, from + piece);
        try (NDManager part = scope.newSubManager()) {
          NDArray share = Torch.rows(other.flat, from, to, part).mul(theirs);
          Torch.rows(flat, from, to, part).muli(mine).addi(share);
        }
      }
    }
  }

  /// Overwrites every parameter with that of the same name of other weights of the same block.
  void copyFrom(Weights other) {
    Map<String, NDArray> source = other.arrays();
    arrays()
        .forEach((name, array) -> Torch.copy(Saved.find(source, name, array.getShape()), array));
  }
}
