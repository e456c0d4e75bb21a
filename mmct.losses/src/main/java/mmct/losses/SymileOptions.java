package mmct.losses;

import mmct.api.config.Setting;

/// Options of `symile`.
public record SymileOptions(
    @Setting(
            value =
                "What a row is told apart from: as many permuted tuples of partners as there"
                    + " are rows, or all combinations, whose number is rows to the power of the"
                    + " modalities less one.",
            byDefault = "permuted")
        Symile.Negatives negatives,
    @Setting(
            value =
                "Temperature τ by which the products are divided, at the start if it is learned.",
            byDefault = "0.07",
            min = Temperature.SMALLEST,
            max = Temperature.FLAT)
        double temperature,
    @Setting(value = Temperature.LEARNED, byDefault = "true") boolean learnTemperature,
    @Setting(
            value =
                "Lowest temperature that is learned; far below CLIP's, since the products shrink"
                    + " with every modality.",
            byDefault = "0.0001",
            min = Temperature.SMALLEST,
            max = Temperature.FLAT)
        double lowestTemperature) {
  /// Checks that a learned temperature starts within its bounds.
  public SymileOptions {
    var _ = new Temperature(temperature, learnTemperature, lowestTemperature);
  }

  Temperature bounds() {
    return new Temperature(temperature, learnTemperature, lowestTemperature);
  }
}
