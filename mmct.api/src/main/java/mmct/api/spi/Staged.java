package mmct.api.spi;

import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import java.util.List;

/// A block that can be run in stages, which `memory: low` makes use of: what a stage computes on
/// the way is forgotten in the forward pass and computed again in the backward pass, so that only
/// what stands between the stages is kept (Chen et al., "Training Deep Nets with Sublinear Memory
/// Cost", 2016). A block that is not staged is one stage.
public interface Staged {
  /// The stages. Each reads what the one before returned, the first the block's inputs, and the
  /// last returns what the block returns.
  List<Stage> stages();

  /// A part of a block's forward pass.
  @FunctionalInterface
  interface Stage {
    /// Runs the stage. It gives the same result whenever it is given the same, but for dropout,
    /// which follows the engine's seed.
    ///
    /// @param store hands out the parameters
    /// @param inputs what the stage before returned
    /// @param training whether normalisations use the batch's statistics and dropout is active
    /// @return arrays of which the first alone has a gradient, and does not depend on another array
    ///     of the inputs through one; the others may be handed on as they came, such as masks
    NDList forward(ParameterStore store, NDList inputs, boolean training);
  }

  /// Runs all stages, one after the other.
  static NDList forward(List<Stage> stages, ParameterStore store, NDList inputs, boolean training) {
    NDList x = inputs;
    for (Stage stage : stages) {
      x = stage.forward(store, x, training);
    }
    return x;
  }
}
