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
    @Setting(
            value =
                "Temperature τ by which similarities are divided, at the start if it is learned.",
            byDefault = "0.07",
            above = 0)
        double temperature,
    @Setting(value = "Whether the temperature is learned.", byDefault = "true")
        boolean learnTemperature,
    @Setting(value = "Lowest temperature that is learned.", byDefault = "0.001", above = 0)
        double lowestTemperature,
    @Setting(value = "Highest temperature that is learned.", byDefault = "0.5", above = 0)
        double highestTemperature) {
  /// Checks that a learned temperature starts within its bounds.
  public OneToKOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature, highestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature, highestTemperature);
  }
}
