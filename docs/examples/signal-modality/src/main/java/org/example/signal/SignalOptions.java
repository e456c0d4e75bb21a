package org.example.signal;

import mmct.api.config.Setting;

/// Options of the modality `signal`.
public record SignalOptions(
    @Setting(
            value = "Points of a view; series of any length are resampled to it.",
            byDefault = "128",
            min = 8,
            max = 65536)
        int length,
    @Setting(value = "Width of the encoder's features.", byDefault = "64", min = 4) int width,
    @Setting(
            value = "Smallest share of the series that a training view shows.",
            byDefault = "0.5",
            above = 0,
            max = 1)
        double crop,
    @Setting(
            value = "A training view is multiplied by 1 ± up to this.",
            byDefault = "0.2",
            min = 0,
            below = 1)
        double scale,
    @Setting(
            value =
                "Standard deviation of the noise on every point of a training view, in the series'"
                    + " own unit.",
            byDefault = "0.05",
            min = 0)
        double noise) {}
