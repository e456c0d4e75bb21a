package mmct.api.graph;

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
        Norm norm) {
  /// The normalisation of a head's output.
  public enum Norm {
    /// Nothing.
    NONE,
    /// Batch normalisation without scale and shift.
    BATCH
  }
}
