package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.api.graph.StepFeatures.ViewFeatures;

/// How the encoders of a graph are run in training.
///
/// @param precision what they compute in
/// @param lowMemory whether query encoders forget what their stages compute, and compute it again
///     in the backward pass
record Passes(Precision precision, boolean lowMemory) {
  /// Encodes views without gradient.
  ///
  /// @param spaces into which spaces to project
  /// @param scope owns everything
  /// @param clock hears when views are handed to the device
  List<ViewFeatures> keys(
      Encoder encoder,
      List<Batch.Rows> views,
      Set<String> spaces,
      StepParameters store,
      NDManager scope,
      StepClock clock) {
    return each(views, scope, clock, inputs -> plainly(encoder, store, inputs, spaces, scope));
  }

  /// Encodes views, recording gradients where a collector is open.
  ///
  /// @param spaces into which spaces to project
  /// @param part owns everything
  /// @param clock hears when views are handed to the device
  List<ViewFeatures> queries(
      Encoder encoder,
      List<Batch.Rows> views,
      Set<String> spaces,
      StepParameters store,
      NDManager part,
      StepClock clock) {
    return each(
        views,
        part,
        clock,
        inputs ->
            lowMemory
                ? encoder.encodeAndForget(store, inputs, precision, spaces, part)
                : plainly(encoder, store, inputs, spaces, part));
  }

  private Encoder.Encoded plainly(
      Encoder encoder, StepParameters store, NDList inputs, Set<String> spaces, NDManager scope) {
    try (var _ = Torch.mixedPrecision(precision, scope.getDevice())) {
      return encoder.encode(store, inputs, true, spaces);
    }
  }

  @FunctionalInterface
  private interface Pass {
    Encoder.Encoded encode(NDList inputs);
  }

  private List<ViewFeatures> each(
      List<Batch.Rows> views, NDManager scope, StepClock clock, Pass pass) {
    List<ViewFeatures> features = new ArrayList<>();
    for (Batch.Rows view : views) {
      if (view.rows().length == 0) {
        // Views come in order: where the first is absent, so are the others.
        break;
      }
      StepClock.Phase phase = clock.enter(StepClock.Phase.TRANSFER);
      NDList inputs = new NDList();
      view.inputs().forEach(input -> inputs.add(input.toArray(scope)));
      NDList laid = layout(inputs);
      clock.enter(phase);
      features.add(new ViewFeatures(view.rows(), pass.encode(laid)));
    }
    return features;
  }

  /// The inputs as the device's convolutions like pictures to lie. On a GPU that is so for the
  /// 16-bit formats alone.
  private NDList layout(NDList inputs) {
    NDList laid = new NDList();
    inputs.forEach(
        input ->
            laid.add(
                hasChannels(input) && (precision != Precision.FLOAT32 || !input.getDevice().isGpu())
                    ? Torch.channelsLast(input)
                    : input));
    return laid;
  }

  private static boolean hasChannels(NDArray input) {
    return input.getShape().dimension() == 4 && input.getDataType() == DataType.FLOAT32;
  }
}
