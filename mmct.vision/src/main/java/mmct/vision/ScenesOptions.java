package mmct.vision;

import mmct.api.config.Setting;

/// The built-in dataset.
public record ScenesOptions(
    @Setting(value = "Samples of the split train.", byDefault = "4000", min = 0) int train,
    @Setting(value = "Samples of the split val.", byDefault = "500", min = 0) int val,
    @Setting(value = "Samples of the split test.", byDefault = "500", min = 0) int test,
    @Setting(value = "Side of a picture in pixels.", byDefault = "64", min = 16, max = 1024)
        int size,
    @Setting(value = "Seed of the scenes; another seed gives other scenes.", byDefault = "1")
        long seed,
    @Setting(
            value =
                "Share of the samples that lack their captions, and independently share of those"
                    + " that lack their tags.",
            byDefault = "0",
            min = 0,
            max = 1)
        double missing) {}
