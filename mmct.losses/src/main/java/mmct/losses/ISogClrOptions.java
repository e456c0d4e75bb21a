package mmct.losses;

import mmct.api.config.Setting;

/// Options of `isogclr`.
public record ISogClrOptions(
    @Setting(
            value =
                "Temperature τ of every sample at the start; the authors take 0.1 within one"
                    + " modality.",
            byDefault = "0.01",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value = "Lowest temperature of a sample; the authors take 0.05 within one modality.",
            byDefault = "0.005",
            min = Temperature.SMALLEST)
        double lowestTemperature,
    @Setting(
            value = "Highest temperature of a sample.",
            byDefault = "1",
            min = Temperature.SMALLEST)
        double highestTemperature,
    @Setting(
            value =
                "Radius ρ of the robust objective: the greater, the lower the temperatures; the"
                    + " authors take 6 to 8 between modalities and 0.4 within one.",
            byDefault = "8")
        double robustness,
    @Setting(
            value = "Share γ of a visit in the moving average of a sample's negatives.",
            byDefault = "0.8",
            above = 0,
            max = 1)
        double visitShare,
    @Setting(value = "Learning rate η of the temperatures.", byDefault = "0.03", min = 0)
        double temperatureRate,
    @Setting(
            value = "Share of a visit in the moving average of a temperature's gradient.",
            byDefault = "0.9",
            above = 0,
            max = 1)
        double gradientShare,
    @Setting(
            value = "Bound on a temperature's gradient, on either side of zero.",
            byDefault = "5",
            above = 0)
        double gradientBound,
    @Setting(
            value =
                "Views of each modality: 1 where two modalities are compared, 2 where two views"
                    + " of one are.",
            byDefault = "1",
            min = 1,
            max = 2)
        int views) {
  /// Checks that the first temperature is within the bounds.
  public ISogClrOptions {
    if (!(lowestTemperature <= temperature && temperature <= highestTemperature)) {
      throw new IllegalArgumentException(
          "temperature must be from lowestTemperature %s to highestTemperature %s but was %s"
              .formatted(lowestTemperature, highestTemperature, temperature));
    }
  }
}
