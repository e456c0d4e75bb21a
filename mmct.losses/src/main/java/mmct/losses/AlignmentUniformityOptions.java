package mmct.losses;

import mmct.api.config.Setting;

/// Options of `alignment-uniformity`.
public record AlignmentUniformityOptions(
    @Setting(
            value = "Weight of the squared distance between the two views of a row.",
            byDefault = "1",
            min = 0)
        double alignment,
    @Setting(
            value = "Weight of the uniformity within each of the two views.",
            byDefault = "1",
            min = 0)
        double uniformity,
    @Setting(
            value =
                "Weight of the uniformity between the first view of a row and the second views"
                    + " of the others.",
            byDefault = "1",
            min = 0)
        double crossUniformity,
    @Setting(
            value = "Sharpness t of the potential exp(−t · squared distance).",
            byDefault = "2",
            min = 1e-6,
            max = 1e6)
        double sharpness,
    @Setting(
            value =
                "Views of each modality: 1 where two modalities are compared, 2 where two views"
                    + " of one are.",
            byDefault = "1",
            min = 1,
            max = 2)
        int views) {
  /// Checks that something is left.
  public AlignmentUniformityOptions {
    if (alignment + uniformity + crossUniformity == 0) {
      throw new IllegalArgumentException(
          "one of alignment, uniformity and crossUniformity must be above 0 but all are 0");
    }
  }
}
