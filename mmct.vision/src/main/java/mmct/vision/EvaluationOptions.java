package mmct.vision;

import java.util.Optional;
import mmct.api.config.Setting;

/// How a picture is seen without randomness.
public record EvaluationOptions(
    @Setting(
            value =
                "Whether the centre of the resized picture is cut out, or the whole picture is"
                    + " stretched to the square.",
            byDefault = "centre-crop")
        Fit fit,
    @Setting(
            value =
                "Length in pixels to which the shorter side is resized before the centre is cut"
                    + " out; size × 256 / 224 where it is not given.",
            min = 1)
        Optional<Integer> shorterSide) {
  /// How a picture of any shape becomes a square.
  public enum Fit {
    /// The shorter side is resized and the centre cut out.
    CENTRE_CROP,
    /// Both sides are resized, each by its own factor.
    STRETCH
  }
}
