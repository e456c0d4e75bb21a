package mmct.text;

import mmct.api.config.Setting;

/// Options of the positives rule `shared-tags`.
public record SharedTagsOptions(
    @Setting("Modality whose tags are compared.") String of,
    @Setting(
            value = "Tags that two samples must have in common, and one more: ε of Eq. 5.",
            byDefault = "2",
            min = 0)
        double moreThan) {}
