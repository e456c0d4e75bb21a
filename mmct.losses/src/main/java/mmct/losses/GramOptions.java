package mmct.losses;

import mmct.api.config.Setting;

/// Options of `gram`.
public record GramOptions(
    @Setting(
            value = "Temperature τ by which volumes are divided, at the start if it is learned.",
            byDefault = "0.07",
            min = Temperature.SMALLEST,
            max = Temperature.FLAT)
        double temperature,
    @Setting(value = Temperature.LEARNED, byDefault = "true") boolean learnTemperature,
    @Setting(
            value = Temperature.LOWEST,
            byDefault = "0.001",
            min = Temperature.SMALLEST,
            max = Temperature.FLAT)
        double lowestTemperature,
    @Setting(
            value = "Share of the target that is spread over all candidates.",
            byDefault = "0.1",
            min = 0,
            below = 1)
        double labelSmoothing,
    @Setting(
            value = "ε under the root, which bounds the gradient where vectors coincide.",
            byDefault = "1e-8",
            min = 1e-12)
        double epsilon) {
  /// Checks that a learned temperature starts within its bounds.
  public GramOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature);
  }
}
