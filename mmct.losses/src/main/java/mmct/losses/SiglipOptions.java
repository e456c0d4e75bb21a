package mmct.losses;

import mmct.api.config.Setting;

/// Options of `siglip`.
public record SiglipOptions(
    @Setting(
            value = "Factor t on the similarities at the start; it is trained.",
            byDefault = "10",
            min = 1e-6,
            max = 1e6)
        double scale,
    @Setting(
            value =
                "Bias b at the start; it is trained, and low because most pairs do not belong"
                    + " together.",
            byDefault = "-10")
        double bias) {}
