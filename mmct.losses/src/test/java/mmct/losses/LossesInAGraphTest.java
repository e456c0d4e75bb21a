package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.config.ConfigurationException;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The objectives within a graph: what they need is there, what they cannot have is refused, and
/// what they remember is in the checkpoint.
class LossesInAGraphTest {
  static Stream<String> names() {
    return Catalogue.load().all().get("loss").stream().map(provider -> provider.name());
  }

  private static String[] modalities(Loss loss) {
    return switch (loss.needs().form()) {
      case Needs.Pair _ -> new String[] {"a", "b"};
      case Needs.Joint joint ->
          List.of("a", "b", "c").subList(0, Math.min(3, joint.atMost())).toArray(String[]::new);
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyLossTrainsThoughRowsLackModalitiesAndBatchesAreSmall(String name) {
    Loss loss = Options.loss(name, Map.of());
    try (SmallGraph graph = new SmallGraph(loss, modalities(loss))) {
      for (int rows : new int[] {12, 2, 7, 1, 12}) {
        Map<String, Double> terms = graph.take(rows).terms();
        assertThat(terms.values()).allSatisfy(value -> assertThat(value).isFinite());
      }
      assertThat(graph.everything().values())
          .allSatisfy(values -> assertThat(values).doesNotContain(Float.NaN));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"isogclr", "swav", "symile", "m3col", "whitened-cse"})
  void whatALossRemembersOrDrawsIsTheSameBitForBitAfterACheckpoint(String name) {
    Loss loss = Options.loss(name, Map.of());
    List<Double> straight = new ArrayList<>();
    List<Double> resumed = new ArrayList<>();
    try (SmallGraph first = new SmallGraph(loss, modalities(loss));
        SmallGraph second = new SmallGraph(loss, modalities(loss))) {
      first.take(9);
      first.take(9);
      second.restore(first);
      for (int i = 0; i < 3; i++) {
        straight.add(first.take(9).total());
        resumed.add(second.take(9).total());
      }
      assertThat(resumed).isEqualTo(straight);
      Map<String, float[]> expected = first.everything();
      second
          .everything()
          .forEach((key, values) -> assertThat(values).as(key).isEqualTo(expected.get(key)));
    }
  }

  @Test
  void theTemperatureOfEachSampleIsInTheCheckpoint() {
    Loss loss = Options.loss("isogclr", Map.of("temperature", 0.2));
    try (SmallGraph graph = new SmallGraph(loss, "a", "b")) {
      assertThat(graph.everything().get("state.o.firstTemperature")).hasSize(40).containsOnly(0.2f);
      assertThat(graph.everything().get("state.o.secondLogSum"))
          .containsOnly(Float.NEGATIVE_INFINITY);
      graph.take(10);
      int moved = 0;
      for (float temperature : graph.everything().get("state.o.firstTemperature")) {
        moved += temperature == 0.2f ? 0 : 1;
      }
      assertThat(moved).as("only rows that have both modalities").isBetween(2, 10);
    }
  }

  @Test
  void prototypesAreAsWideAsTheSpaceAndStayWhileTheyAreFrozen() {
    Loss loss = Options.loss("swav", Map.of("prototypes", 7, "freezeSteps", 2));
    try (SmallGraph graph = new SmallGraph(loss, "a", "b")) {
      float[] before = graph.everything().get("loss.o.prototypes");
      assertThat(before).hasSize(7 * SmallGraph.WIDTH);
      graph.take(8);
      graph.take(8);
      assertThat(graph.everything().get("loss.o.prototypes")).isEqualTo(before);
      graph.take(8);
      assertThat(graph.everything().get("loss.o.prototypes")).isNotEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "symile              | 1 | objectives.o.modalities must be at least 2 names but are 1: [a]",
        "gram                | 1 | objectives.o.modalities must be 2 to 8 names but are 1: [a]",
        "mv-infonce          | 1 | objectives.o.modalities must be at least 2 names but are 1: [a]",
        "mv-dhel             | 1 | objectives.o.modalities must be at least 2 names but are 1: [a]",
        "swav                | 1 | objectives.o.modalities must be at least 2 names but are 1: [a]",
        "alignment-uniformity| 1 | objectives.o.modalities must be 2 names but are 1: [a]",
        "isogclr             | 3 | objectives.o.modalities must be 2 names but are 3: [a, b, c]",
        "barlow-twins        | 3 | objectives.o.modalities must be 2 names but are 3: [a, b, c]",
        "vicreg              | 1 | objectives.o.modalities must be 2 names but are 1: [a]",
        "m3col               | 1 | objectives.o.modalities must be 2 names but are 1: [a]",
        "cacr                | 1 | objectives.o compares one query with one key but names 1 modalities [a]",
      })
  void tooFewOrTooManyModalitiesAreRefusedBeforeTraining(String name, int count, String message) {
    String[] modalities = List.of("a", "b", "c").subList(0, count).toArray(String[]::new);
    assertThatThrownBy(() -> new SmallGraph(Options.loss(name, Map.of()), modalities))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void twoViewsOfOneModalityTakeOneModality() {
    Loss loss = Options.loss("vicreg", Map.of("views", 2));
    assertThatThrownBy(() -> new SmallGraph(loss, "a", "b"))
        .hasMessage("objectives.o.modalities must be 1 name but are 2: [a, b]");
    try (SmallGraph graph = new SmallGraph(loss, "a")) {
      assertThat(graph.take(9).total()).isPositive();
    }
  }

  @Test
  void repulsionFromAQueueNeedsOne() {
    assertThatThrownBy(() -> new SmallGraph(Options.loss("cacr", Map.of()), 0, "a", "b"))
        .hasMessage(
            "objectives.o has no keys to compare its queries with: give it a queue (queue was 0)"
                + " or set inBatchNegatives");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alignment-uniformity| sharpness          | 0    | above 0",
        "symile              | temperature        | 0    | above 0",
        "gram                | temperature        | -1   | above 0",
        "gram                | labelSmoothing     | 1    | at least 0 and below 1",
        "mv-infonce          | temperature        | 0    | above 0",
        "mv-dhel             | temperature        | 0    | above 0",
        "cacr                | positiveViews      | 0    | 1 to 64",
        "structure           | temperature        | 0    | above 0",
        "structure           | levels             | 0    | 1 to 64",
        "isogclr             | visitShare         | 0    | above 0",
        "isogclr             | temperature        | 0    | above 0",
        "barlow-twins        | views              | 3    | 1 to 2",
        "vicreg              | invariance         | -1   | at least 0",
        "swav                | sinkhornTemperature| 0    | above 0",
        "whitened-cse        | groupSize          | 0    | 1 to 4096",
        "m3col               | mixedShare         | 1.5  | 0 to 1",
      })
  void aWrongOptionIsToldByKeyValueAndRange(String name, String key, double value, String range) {
    assertThatThrownBy(() -> Options.loss(name, Map.of(key, number(value))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key + " must be ")
        .hasMessageContaining(range.split(" ")[0])
        .hasMessageNotContaining("\n")
        .hasMessageContaining("but was");
  }

  @Test
  void aWrongOptionOfALossThatIsMadeInJavaIsRefusedToo() {
    assertThatThrownBy(() -> new MvDhel(new MultiViewOptions(0, 2)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("temperature must be above 0 but was 0");
    assertThatThrownBy(
            () -> new GramProvider().create(new GramOptions(0.07, true, 0.001, -0.1, 1e-8)))
        .hasMessageContaining("labelSmoothing must be");
  }

  private static Number number(double value) {
    if (value == Math.rint(value)) {
      return (long) value;
    }
    return value;
  }
}
