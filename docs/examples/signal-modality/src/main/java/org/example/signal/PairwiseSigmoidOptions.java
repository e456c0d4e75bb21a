package org.example.signal;

import mmct.api.config.Setting;

/// Options of `pairwise-sigmoid`.
public record PairwiseSigmoidOptions(
    @Setting(
            value = "Factor t on the similarities at the start; it is trained.",
            byDefault = "10",
            above = 0)
        double scale,
    @Setting(value = "Bias b at the start; it is trained.", byDefault = "-10") double bias) {}
