package mmct.losses;

import mmct.api.config.Setting;

/// Options of `barlow-twins`.
public record BarlowTwinsOptions(
    @Setting(
            value = "Weight λ of the correlations between different components.",
            byDefault = "0.005",
            min = 0)
        double redundancy,
    @Setting(
            value =
                "Views of each modality: 1 where two modalities are compared, 2 where two views"
                    + " of one are.",
            byDefault = "1",
            min = 1,
            max = 2)
        int views) {}
