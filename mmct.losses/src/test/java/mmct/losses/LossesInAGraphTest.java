package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import mmct.api.config.ConfigurationException;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;

/// What single objectives need of a graph, and what they keep there; what holds for all of them is
/// in [EveryLossInAGraphTest].
class LossesInAGraphTest {
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

  @Test
  void aWrongOptionOfALossThatIsMadeInJavaIsRefusedToo() {
    assertThatThrownBy(() -> new MvDhel(new MultiViewOptions(0, 2)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("temperature must be at least 1e-6 but was 0");
    assertThatThrownBy(
            () -> new GramProvider().create(new GramOptions(0.07, true, 0.001, -0.1, 1e-8)))
        .hasMessageContaining("labelSmoothing must be");
  }
}
