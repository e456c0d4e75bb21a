package mmct.losses;

import mmct.api.config.Setting;

/// Options of `one-to-k`.
public record OneToKOptions(
    @Setting(
            value = "Most views K of the key's modality that one row is compared with.",
            byDefault = "5",
            min = 1,
            max = 64)
        int views,
    @Setting(value = Temperature.MEANING, byDefault = "0.07", min = Temperature.SMALLEST)
        double temperature,
    @Setting(value = Temperature.LEARNED, byDefault = "true") boolean learnTemperature,
    @Setting(value = Temperature.LOWEST, byDefault = "0.001", min = Temperature.SMALLEST)
        double lowestTemperature,
    @Setting(value = Temperature.HIGHEST, byDefault = "0.5", min = Temperature.SMALLEST)
        double highestTemperature) {
  /// Checks that a learned temperature starts within its bounds.
  public OneToKOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature, highestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature, highestTemperature);
  }
}
