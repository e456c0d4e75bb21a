package mmct.losses;

import mmct.api.config.Setting;

/// Options of `info-nce`.
public record InfoNceOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.07",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value =
                "Margin m that is taken from the cosine of positives; a negative one pulls less.",
            byDefault = "0",
            min = -2,
            max = 2)
        double margin) {}
