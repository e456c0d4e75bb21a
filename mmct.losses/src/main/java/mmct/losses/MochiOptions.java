package mmct.losses;

import mmct.api.config.Setting;

/// Options of `mochi`.
public record MochiOptions(
    @Setting(
            value = "Temperature τ by which similarities are divided.",
            byDefault = "0.2",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(value = "Loss that the mixed negatives are added to.", byDefault = "info-nce")
        Mochi.Around around,
    @Setting(
            value = "Number N of a query's nearest queue rows from which is mixed.",
            byDefault = "1024",
            min = 1)
        int hardest,
    @Setting(value = "Number s of mixtures of two of them, per query.", byDefault = "1024", min = 0)
        int mixed,
    @Setting(
            value = "Number s' of mixtures of one of them with the query, per query.",
            byDefault = "128",
            min = 0)
        int mixedWithQuery,
    @Setting(value = "Epochs before mixing starts.", byDefault = "10", min = 0)
        double warmUpEpochs) {}
