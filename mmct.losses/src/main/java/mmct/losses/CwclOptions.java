package mmct.losses;

import java.util.Optional;
import mmct.api.config.Setting;

/// Options of `cwcl`.
public record CwclOptions(
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
            value = "Which features of the first modality say how alike two rows are.",
            byDefault = "momentum")
        Cwcl.Reference reference,
    @Setting(
            value =
                "Temperature T of sharper weights exp((cosine - 1)/T); without it they are"
                    + " (1 + cosine)/2.",
            above = 0)
        Optional<Double> weightTemperature) {
  private static final double HIGHEST = 100;

  /// Checks that a learned temperature starts within its bounds.
  public CwclOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature, HIGHEST);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature, HIGHEST);
  }
}
