package mmct.losses;

import mmct.api.config.Setting;

/// Options of `clip`.
public record ClipOptions(
    @Setting(
            value = Temperature.MEANING,
            byDefault = "0.07",
            min = Temperature.SMALLEST,
            max = Temperature.FLAT)
        double temperature,
    @Setting(value = Temperature.LEARNED, byDefault = "true") boolean learnTemperature,
    @Setting(
            value = Temperature.LOWEST,
            byDefault = "0.01",
            min = Temperature.SMALLEST,
            max = Temperature.FLAT)
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
  /// Checks that a learned temperature starts within its bounds.
  public ClipOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature);
  }
}
