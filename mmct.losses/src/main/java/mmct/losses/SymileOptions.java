package mmct.losses;

import mmct.api.config.Setting;

/// Options of `symile`.
public record SymileOptions(
    @Setting(
            value =
                "What a row is told apart from: as many permuted tuples of partners as there"
                    + " are rows, or all combinations, whose number is rows to the power of the"
                    + " modalities less one.",
            byDefault = "permuted")
        Symile.Negatives negatives,
    @Setting(
            value = "Factor on the multilinear inner products; at the start, where it is trained.",
            byDefault = "14.285714",
            above = 0)
        double scale,
    @Setting(value = "Whether the factor is trained.", byDefault = "true") boolean learnScale,
    @Setting(
            value =
                "Largest factor; above CLIP's 100, since the products shrink with every"
                    + " modality.",
            byDefault = "10000",
            above = 0)
        double largestScale) {
  /// Checks the factors.
  public SymileOptions {
    Rule.above(0, "scale", scale);
    Rule.atLeast(scale, "largestScale", largestScale);
  }
}
