package mmct.losses;

import mmct.api.config.Setting;

/// Options of `info-nce`.
public record InfoNceOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.07",
            above = 0)
        double temperature) {}
