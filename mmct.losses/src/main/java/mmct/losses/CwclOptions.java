package mmct.losses;

import java.util.Optional;
import mmct.api.config.Setting;

/// Options of `cwcl`.
public record CwclOptions(
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
            value = "Which features of the first modality say how alike two rows are.",
            byDefault = "momentum")
        Cwcl.Reference reference,
    @Setting(
            value =
                "Temperature T of sharper weights exp((cosine - 1)/T); without it they are"
                    + " (1 + cosine)/2.",
            min = Temperature.SMALLEST)
        Optional<Double> weightTemperature) {
  /// Checks that a learned temperature starts within its bounds.
  public CwclOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature);
  }
}
