package mmct.eval.tagging;

import java.util.List;
import java.util.Optional;

/// Where tags lie: vectors whose dot products are about the pointwise mutual information of the
/// tags, `U √Σ` of its matrix.
///
/// @param values row-major `[T, d]`
/// @param width d
record TagVectors(float[] values, int width) {

  /// Embeds tags by who they occur with.
  ///
  /// @param samples the tags of each sample, ascending; samples without tags count too
  /// @param tags the number of tags T
  /// @param width the most dimensions d
  static TagVectors of(List<int[]> samples, int tags, int width) {
    double[] rooted = new TruncatedSvd(Ppmi.of(samples, tags)).rooted(width);
    float[] values = new float[rooted.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rooted[i];
    }
    return new TagVectors(values, Math.min(tags, width));
  }

  /// The number of tags T.
  int tags() {
    return values.length / width;
  }

  /// The normalised mean of some tags' vectors, `[d]`; empty where it has no direction.
  Optional<float[]> mean(int... some) {
    double[] sum = new double[width];
    for (int tag : some) {
      for (int i = 0; i < width; i++) {
        sum[i] += values[tag * width + i];
      }
    }
    double squares = 0;
    for (double value : sum) {
      squares += value * value;
    }
    if (squares < 1e-24) {
      return Optional.empty();
    }
    float[] mean = new float[width];
    for (int i = 0; i < width; i++) {
      mean[i] = (float) (sum[i] / Math.sqrt(squares));
    }
    return Optional.of(mean);
  }

  /// The vectors scaled to length 1, row-major `[T, d]`; a vector of zeros stays one.
  float[] normalised() {
    float[] normalised = new float[values.length];
    for (int tag = 0; tag < tags(); tag++) {
      int at = tag * width;
      mean(tag).ifPresent(unit -> System.arraycopy(unit, 0, normalised, at, width));
    }
    return normalised;
  }
}
