package mmct.losses;

import mmct.api.config.Setting;

/// Options of `cacr`.
public record CacrOptions(
    @Setting(
            value =
                "Key views of each row, all of which are its positives; a row that lacks one"
                    + " takes no part.",
            byDefault = "4",
            min = 1,
            max = 64)
        int positiveViews,
    @Setting(value = "Weight α of the attraction.", byDefault = "1", min = 0) double attraction,
    @Setting(value = "Weight β of the repulsion.", byDefault = "1", min = 0) double repulsion,
    @Setting(
            value =
                "Factor τ₊ on the squared distance of positives in their softmax; 0 weighs all"
                    + " alike.",
            byDefault = "1",
            min = 0,
            max = 1e6)
        double positiveSharpness,
    @Setting(
            value =
                "Factor τ₋ on the squared distance of negatives in their softmax; 0 weighs all"
                    + " alike.",
            byDefault = "2",
            min = 0,
            max = 1e6)
        double negativeSharpness,
    @Setting(
            value =
                "Whether the softmax weights carry no gradient, as in the authors' code with a"
                    + " queue; without a queue theirs do.",
            byDefault = "true")
        boolean detachWeights) {
  /// Checks the numbers.
  public CacrOptions {
    if (attraction + repulsion == 0) {
      throw new IllegalArgumentException(
          "one of attraction and repulsion must be above 0 but both are 0");
    }
  }
}
