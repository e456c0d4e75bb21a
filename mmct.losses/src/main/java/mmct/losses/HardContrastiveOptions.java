package mmct.losses;

import mmct.api.config.Setting;

/// Options of `hard-contrastive`.
public record HardContrastiveOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.2",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value =
                "Quantile α of a query's similarities with its negatives; those below it are left"
                    + " out, so 0 keeps all and 1 the nearest.",
            byDefault = "0.8",
            min = 0,
            max = 1)
        double quantile) {}
