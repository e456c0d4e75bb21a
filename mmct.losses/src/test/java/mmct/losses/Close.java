package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.SoftAssertions;

/// Comparison of float32 results with float64 references.
final class Close {
  private Close() {}

  /// Every value within a share of the reference's size.
  ///
  /// @param scale the size of what is added up to give a value: where summands cancel, float32
  ///     keeps their precision, not the sum's
  static void assertClose(
      String what, float[] actual, double[] expected, double relative, double scale) {
    assertThat(actual).as(what).hasSize(expected.length);
    SoftAssertions softly = new SoftAssertions();
    for (int i = 0; i < expected.length; i++) {
      double size = Math.max(Math.abs(expected[i]), scale);
      softly
          .assertThat((double) actual[i])
          .as("%s[%d]", what, i)
          .isCloseTo(expected[i], within(relative * size));
    }
    softly.assertAll();
  }
}
