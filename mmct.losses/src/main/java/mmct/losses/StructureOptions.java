package mmct.losses;

import mmct.api.config.Setting;

/// Options of `structure`.
public record StructureOptions(
    @Setting(
            value = "Temperature τ of the similarities within the batch.",
            byDefault = "0.05",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value = "Levels L: how many steps apart neighbours of neighbours are compared.",
            byDefault = "1",
            min = 1,
            max = 64)
        int levels,
    @Setting(value = "Whether level ℓ counts 1/ℓ; otherwise all count alike.", byDefault = "false")
        boolean weightByLevel,
    @Setting(
            value = "Steps over which the term rises from nothing to its weight.",
            byDefault = "1000",
            min = 0)
        int warmupSteps) {}
