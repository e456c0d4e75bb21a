package mmct.losses;

import mmct.api.config.Setting;

/// Options of `dcl`.
public record DclOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.1",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value = "Whether pairs that are near already are pulled less than the others (DCLW).",
            byDefault = "false")
        boolean weighted,
    @Setting(
            value = "Temperature σ of those weights.",
            byDefault = "0.5",
            min = Temperature.SMALLEST)
        double weightTemperature) {}
