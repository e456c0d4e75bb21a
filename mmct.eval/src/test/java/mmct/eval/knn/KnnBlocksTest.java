package mmct.eval.knn;

import static org.assertj.core.api.Assertions.assertThat;

import mmct.eval.KnnOptions;
import mmct.eval.SplitTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Similarities are computed in blocks.
class KnnBlocksTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 60, 61, 500, 1L << 40})
  void theBlockSizeDoesNotChangeAFigure(long similarities) {
    // Whole numbers along one axis: their products are exact however the engine adds them up.
    SplitTable table = new SplitTable();
    for (int i = 0; i < 100; i++) {
      double[] feature = {i % 7 - 3, 0, 0};
      table.add(i < 60 ? "train" : "test", "s" + i, "class-" + i % 6, feature);
    }
    KnnOptions options = KnnOptions.byDefault();
    assertThat(Knn.evaluator(options, similarities).evaluate(table).orElseThrow().figures())
        .isEqualTo(Knn.evaluator(options, 700).evaluate(table).orElseThrow().figures());
  }
}
