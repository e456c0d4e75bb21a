package mmct.losses;

import mmct.api.config.Setting;

/// Options of `swav`.
public record SwAvOptions(
    @Setting(value = "Prototypes.", byDefault = "3000", min = 2, max = 1_000_000) int prototypes,
    @Setting(
            value = "Temperature τ of the predictions.",
            byDefault = "0.1",
            min = Temperature.SMALLEST)
        double temperature,
    @Setting(
            value =
                "Temperature ε of the assignments: the lower, the nearer each row comes to one"
                    + " prototype.",
            byDefault = "0.05",
            min = Temperature.SMALLEST)
        double sinkhornTemperature,
    @Setting(value = "Sinkhorn iterations of an assignment.", byDefault = "3", min = 1, max = 1000)
        int sinkhornIterations,
    @Setting(
            value = "Views of each modality; with one modality at least 2.",
            byDefault = "1",
            min = 1,
            max = 64)
        int views,
    @Setting(
            value =
                "How many of a modality's views are assigned to prototypes; the others only"
                    + " predict.",
            byDefault = "2",
            min = 1,
            max = 64)
        int assigned,
    @Setting(
            value = "Steps at the start in which the prototypes stay as they are.",
            byDefault = "313",
            min = 0)
        int freezeSteps) {}
