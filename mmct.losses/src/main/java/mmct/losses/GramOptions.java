package mmct.losses;

import mmct.api.config.Setting;

/// Options of `gram`.
public record GramOptions(
    @Setting(
            value =
                "Temperature τ by which volumes are divided; at the start, where it is"
                    + " trained.",
            byDefault = "0.07",
            above = 0)
        double temperature,
    @Setting(value = "Whether the temperature is trained.", byDefault = "true")
        boolean learnTemperature,
    @Setting(
            value = "Smallest temperature that training may reach.",
            byDefault = "0.001",
            above = 0)
        double smallestTemperature,
    @Setting(
            value = "Share of the target that is spread over all candidates.",
            byDefault = "0.1",
            min = 0,
            below = 1)
        double labelSmoothing,
    @Setting(
            value = "ε under the root, which bounds the gradient where vectors coincide.",
            byDefault = "1e-8",
            above = 0)
        double epsilon) {
  /// Checks the numbers.
  public GramOptions {
    Rule.above(0, "temperature", temperature);
    Rule.above(0, "smallestTemperature", smallestTemperature);
    Rule.atLeast(smallestTemperature, "temperature", temperature);
    Rule.between(0, 1, "labelSmoothing", labelSmoothing);
    Rule.above(0, "epsilon", epsilon);
  }
}
