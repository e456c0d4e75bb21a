package mmct.losses;

import mmct.api.config.Setting;

/// Options of `mv-infonce` and `mv-dhel`.
public record MultiViewOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.5",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value = "Views of each modality; with one modality at least 2.",
            byDefault = "1",
            min = 1,
            max = 64)
        int views) {}
