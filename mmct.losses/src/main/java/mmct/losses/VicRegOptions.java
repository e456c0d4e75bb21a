package mmct.losses;

import mmct.api.config.Setting;

/// Options of `vicreg`.
public record VicRegOptions(
    @Setting(value = "Weight λ of the invariance.", byDefault = "25", min = 0) double invariance,
    @Setting(value = "Weight μ of the variance.", byDefault = "25", min = 0) double variance,
    @Setting(value = "Weight ν of the covariance.", byDefault = "1", min = 0) double covariance,
    @Setting(
            value =
                "Views of each modality: 1 where two modalities are compared, 2 where two views"
                    + " of one are.",
            byDefault = "1",
            min = 1,
            max = 2)
        int views) {
  /// Checks the numbers.
  public VicRegOptions {
    if (invariance + variance + covariance == 0) {
      throw new IllegalArgumentException(
          "one of invariance, variance and covariance must be above 0 but all are 0");
    }
  }
}
