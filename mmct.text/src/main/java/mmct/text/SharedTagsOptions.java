package mmct.text;

import mmct.api.config.Setting;

/// Options of the positives rule `shared-tags`.
public record SharedTagsOptions(
    @Setting("Modality whose tags are compared.") String of,
    @Setting(
            value = "Number of shared tags that must be exceeded; ε of the method.",
            byDefault = "2",
            min = 0)
        double moreThan) {}
