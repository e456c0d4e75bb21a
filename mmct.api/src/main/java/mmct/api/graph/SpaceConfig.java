package mmct.api.graph;

import java.util.Optional;
import mmct.api.config.Setting;

/// A space: the shape of its projection heads.
public record SpaceConfig(
    @Setting(value = "Width of the features.", min = 1) int width,
    @Setting(
            value = "Width of the hidden layer; 0 makes the head one linear layer.",
            byDefault = "2048",
            min = 0)
        int hidden,
    @Setting(
            value =
                "What is done to the head's output before the L2 norm: nothing, or batch"
                    + " normalisation without trained parameters.",
            byDefault = "none")
        Norm norm,
    @Setting(value = "Rows of this space's queues, where they differ from the run's.", min = 0)
        Optional<Integer> queue) {
  /// A space with a hidden layer and nothing special.
  public SpaceConfig(int width, int hidden) {
    this(width, hidden, Norm.NONE, Optional.empty());
  }

  /// The normalisation of a head's output.
  public enum Norm {
    /// Nothing.
    NONE,
    /// Batch normalisation without scale and shift.
    BATCH
  }
}
