package mmct.eval;

import mmct.api.config.Setting;

/// Options of `health`.
public record HealthOptions(
    @Setting(
            value = "Most samples that are looked at, spread evenly over the split.",
            byDefault = "1000",
            min = 2,
            max = 20000)
        int samples) {

  /// The defaults: at most 1,000 samples.
  public static HealthOptions byDefault() {
    return new HealthOptions(1000);
  }
}
