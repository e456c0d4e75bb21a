package mmct.losses;

import mmct.api.config.Setting;

/// Options of `whitened-cse`.
public record WhitenedCseOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.05",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value =
                "Channels that are whitened together; the authors' 128 groups of 768 channels"
                    + " have 6.",
            byDefault = "6",
            min = 1,
            max = 4096)
        int groupSize,
    @Setting(value = "ε added to the variances, which are about 1.", byDefault = "1e-4", min = 1e-6)
        double epsilon,
    @Setting(
            value =
                "Views of each modality: the first is the anchor, each of the others a positive"
                    + " of its own; with one modality at least 2.",
            byDefault = "3",
            min = 1,
            max = 64)
        int views) {}
