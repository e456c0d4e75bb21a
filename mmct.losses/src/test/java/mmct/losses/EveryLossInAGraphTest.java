package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.training.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every objective that there is within a training graph: rows that lack a modality, steps of
/// training, and a run that is resumed.
class EveryLossInAGraphTest {
  static Stream<String> names() {
    return Catalogue.load().all().get("loss").stream().map(provider -> provider.name());
  }

  private static SmallGraph graph(String name) {
    Loss loss = Options.loss(name, Map.of());
    return new SmallGraph(loss, SmallGraph.modalities(loss));
  }

  @ParameterizedTest
  @MethodSource("names")
  void rowsThatLackAModalityMightAsWellNotBeThere(String name) {
    try (SmallGraph with = graph(name);
        SmallGraph without = graph(name)) {
      TrainingStep.Result actual =
          with.take(new long[] {5, 8, 2, 12, 6, 9}, Map.of(8L, "abc", 6L, "ab"));
      TrainingStep.Result expected = without.take(new long[] {5, 2, 12, 9}, Map.of());
      double term = expected.terms().get("o");
      assertThat(actual.terms().get("o"))
          .isCloseTo(term, within(1e-4 * Math.max(1, Math.abs(term))));
      double norm = expected.gradientNorm();
      assertThat(actual.gradientNorm()).isCloseTo(norm, within(1e-3 * Math.max(1, norm)));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneRowAloneAndNoRowAtAllCanBeTrainedOn(String name) {
    try (SmallGraph graph = graph(name)) {
      TrainingStep.Result one = graph.take(new long[] {4}, Map.of());
      assertThat(one.total()).isFinite();
      assertThat(one.gradientNorm()).isFinite();
      TrainingStep.Result none = graph.take(new long[] {4, 7}, Map.of(4L, "abc", 7L, "abc"));
      assertThat(none.terms()).as("absent, not zero").isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void itTrainsThoughRowsLackModalitiesAndBatchesAreSmall(String name) {
    try (SmallGraph graph = graph(name)) {
      for (int rows : new int[] {12, 2, 7, 1, 12}) {
        assertThat(graph.take(rows).terms().values())
            .allSatisfy(value -> assertThat(value).isFinite());
      }
      assertThat(graph.everything().values())
          .allSatisfy(values -> assertThat(values).doesNotContain(Float.NaN));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRunThatIsResumedGoesOnBitForBit(String name) {
    List<Double> straight = new ArrayList<>();
    List<Double> resumed = new ArrayList<>();
    try (SmallGraph first = graph(name);
        SmallGraph second = graph(name)) {
      first.take(9);
      first.take(9);
      second.restore(first);
      for (int i = 0; i < 3; i++) {
        straight.add(first.take(9).total());
        resumed.add(second.take(9).total());
      }
      assertThat(resumed).isEqualTo(straight);
      Map<String, float[]> expected = first.everything();
      Map<String, float[]> actual = second.everything();
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      actual.forEach((key, values) -> assertThat(values).as(key).isEqualTo(expected.get(key)));
    }
  }
}
