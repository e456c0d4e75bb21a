package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.api.spi.Staged;
import mmct.api.spi.Staged.Stage;

/// A backbone's forward pass that forgets what was computed within its stages, and the backward
/// pass that computes it again, the last stage first.
///
/// Normalisations move their running statistics in the forward pass alone. Every stage starts from
/// a seed of its own, so that dropout drops the same when it is computed again.
final class StagedPass {
  /// Exclusive; leaves room to count stages.
  private static final long SEEDS = 1L << 52;

  private final List<Stage> stages;
  private final StepParameters store;
  private final Precision precision;
  private final NDManager owner;
  private final List<NDList> read = new ArrayList<>();
  private final long seed;
  private final NDArray features;

  /// Runs the stages without recording anything.
  ///
  /// @param inputs of the backbone, owned by `owner`
  /// @param owner keeps what stands between the stages
  private StagedPass(
      List<Stage> stages,
      StepParameters store,
      NDList inputs,
      Precision precision,
      NDManager owner) {
    this.stages = stages;
    this.store = store;
    this.precision = precision;
    this.owner = owner;
    seed = owner.randomInteger(0, SEEDS, new Shape(1), DataType.INT64).getLong();
    NDList x = inputs;
    for (int i = 0; i < stages.size(); i++) {
      read.add(x);
      Torch.seed(seed + i);
      x = forgetting(stages.get(i), x);
    }
    features = Torch.alias(Torch.toFloat32(x.head()), owner);
  }

  /// Runs a backbone so that [#backward] can follow.
  ///
  /// @param store hands out the parameters, and collects their gradients
  /// @param owner keeps what the backward pass needs
  static StagedPass recorded(
      Block backbone, StepParameters store, NDList inputs, Precision precision, NDManager owner) {
    try (var _ = Torch.withoutGradient()) {
      StagedPass pass = new StagedPass(stages(backbone), store, inputs, precision, owner);
      pass.features.setRequiresGradient(true);
      return pass;
    }
  }

  /// Runs a backbone once. After every stage the handles on what was computed on the way are
  /// closed, so that only what the engine's own record needs lives on.
  ///
  /// @param inputs not closed
  /// @return what the backbone returns, owned by the manager of the inputs
  static NDList plain(Block backbone, ParameterStore store, NDList inputs, boolean training) {
    NDManager owner = inputs.head().getManager();
    NDList x = new NDList();
    boolean first = true;
    for (Stage stage : stages(backbone)) {
      try (NDManager scope = owner.newSubManager()) {
        // Inputs of the backbone have no history that another handle would lack.
        NDList read = first ? aliases(inputs, scope) : x;
        read.attach(scope);
        x = stage.forward(store, read, training);
        x.attach(owner);
        first = false;
      }
    }
    return x;
  }

  private static List<Stage> stages(Block backbone) {
    return backbone instanceof Staged staged ? staged.stages() : List.of(backbone::forward);
  }

  private NDList forgetting(Stage stage, NDList inputs) {
    try (NDManager scope = owner.newSubManager();
        var _ = Torch.mixedPrecision(precision, owner.getDevice())) {
      NDList outputs = stage.forward(store, aliases(inputs, scope), true);
      outputs.attach(owner);
      return outputs;
    }
  }

  private static NDList aliases(NDList arrays, NDManager scope) {
    NDList aliases = new NDList();
    arrays.forEach(array -> aliases.add(Torch.alias(array, scope)));
    return aliases;
  }

  /// The backbone's features `[n, w]`, a leaf on which the objectives leave their gradient.
  NDArray features() {
    return features;
  }

  /// Leads the gradient that was left on the features back through the stages.
  void backward() {
    Torch.gradient(features).ifPresent(this::backward);
  }

  private void backward(NDArray ofFeatures) {
    NDArray gradient = ofFeatures;
    gradient.attach(owner);
    for (int i = stages.size() - 1; i >= 0; i--) {
      try (NDManager scope = owner.newSubManager()) {
        NDList inputs = aliases(read.get(i), scope);
        NDArray leaf = inputs.head();
        if (i > 0) {
          leaf.setRequiresGradient(true);
          // Of a leaf, autocast keeps one 16-bit copy in which the gradients of all its readers
          // would be added up; a view of it is cast for each of them, as in a pass without stages.
          inputs.set(0, leaf.reshape(leaf.getShape()));
        }
        Torch.backward(again(i, inputs, scope), gradient);
        gradient.close();
        if (i > 0) {
          gradient = Torch.gradient(leaf).orElseThrow();
          gradient.attach(owner);
          // What comes after is done; the inputs of the backbone belong to the batch.
          read.get(i).head().close();
        }
      }
    }
  }

  private NDArray again(int stage, NDList inputs, NDManager scope) {
    Torch.seed(seed + stage);
    try (var _ = Torch.mixedPrecision(precision, owner.getDevice())) {
      ParameterStore replayed = new ReplayedParameters(store, scope);
      NDArray output = stages.get(stage).forward(replayed, inputs, true).head();
      return stage == stages.size() - 1 ? Torch.toFloat32(output) : output;
    }
  }
}
