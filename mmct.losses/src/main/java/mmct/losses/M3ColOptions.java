package mmct.losses;

import mmct.api.config.Setting;

/// Options of `m3col`.
public record M3ColOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided while rows are mixed.",
            byDefault = "0.1",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value =
                "Concentration a of the distribution Beta(a, a) of a mixture's shares: the"
                    + " lower, the nearer a mixture is to one of its two rows.",
            byDefault = "0.15",
            min = 0.01,
            max = 1)
        double concentration,
    @Setting(value = "Share of the rows that are mixed.", byDefault = "0.5", min = 0, max = 1)
        double mixedShare,
    @Setting(
            value =
                "Epochs in which rows are mixed, before soft targets follow; a third of a run's"
                    + " epochs in the paper, and of the default 100 here.",
            byDefault = "33",
            min = 0)
        double mixingEpochs,
    @Setting(
            value = "Temperature by which similarities are divided once targets are soft.",
            byDefault = "0.125",
            min = Temperature.SMALLEST)
        double softTemperature,
    @Setting(
            value = "Whether the soft targets carry no gradient; in the authors' code they do.",
            byDefault = "false")
        boolean detachTargets) {}
