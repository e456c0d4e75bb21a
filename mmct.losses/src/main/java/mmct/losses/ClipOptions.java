package mmct.losses;

import mmct.api.config.Setting;

/// Options of `clip`.
public record ClipOptions(
    @Setting(
            value =
                "Temperature τ by which similarities are divided, at the start if it is learned.",
            byDefault = "0.07",
            above = 0,
            max = 100)
        double temperature,
    @Setting(value = "Whether the temperature is learned.", byDefault = "true")
        boolean learnTemperature,
    @Setting(
            value = "Lowest temperature that is learned.",
            byDefault = "0.01",
            above = 0,
            max = 100)
        double lowestTemperature,
    @Setting(
            value = "Share λ of the direction from the first modality to the second.",
            byDefault = "0.5",
            min = 0,
            max = 1)
        double directionWeight,
    @Setting(
            value = "Share ε of the target that is spread over all rows of the batch.",
            byDefault = "0",
            min = 0,
            below = 1)
        double labelSmoothing) {
  private static final double HIGHEST = 100;

  /// Checks that a learned temperature starts within its bounds.
  public ClipOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature, HIGHEST);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature, HIGHEST);
  }
}
