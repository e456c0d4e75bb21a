package org.example.lines;

import mmct.api.config.Setting;

/// Options of the dataset.
public record JsonLinesOptions(
    @Setting(value = "The field that holds the id of a sample.", byDefault = "id") String id,
    @Setting(value = "The field that names the split of a sample.", byDefault = "split")
        String split) {}
