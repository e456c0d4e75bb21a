package mmct.losses;

import mmct.api.config.Setting;

/// Options of `albef`.
public record AlbefOptions(
    @Setting(value = Temperature.MEANING, byDefault = "0.07", min = Temperature.SMALLEST)
        double temperature,
    @Setting(value = Temperature.LEARNED, byDefault = "true") boolean learnTemperature,
    @Setting(value = Temperature.LOWEST, byDefault = "0.001", min = Temperature.SMALLEST)
        double lowestTemperature,
    @Setting(value = Temperature.HIGHEST, byDefault = "0.5", min = Temperature.SMALLEST)
        double highestTemperature,
    @Setting(
            value = "Share α of the target that the momentum encoders' own similarities give.",
            byDefault = "0.4",
            min = 0,
            max = 1)
        double alpha,
    @Setting(
            value = "Epochs over which α grows from 0; 0 starts with all of it.",
            byDefault = "1",
            min = 0)
        double rampEpochs) {
  /// Checks that a learned temperature starts within its bounds.
  public AlbefOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature, highestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature, highestTemperature);
  }
}
