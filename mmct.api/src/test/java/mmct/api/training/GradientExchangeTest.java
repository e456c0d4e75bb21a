package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import mmct.api.config.Settings;
import mmct.api.engine.Torch;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchOf;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.StepClock;
import mmct.api.graph.TrainingGraph;
import mmct.api.graph.Vectors;
import mmct.api.spi.Loss;
import mmct.api.spi.LossOutput;
import mmct.api.training.RunConfig.OptimizerConfig;
import org.junit.jupiter.api.Test;

/// The one place where gradients of several processes meet.
class GradientExchangeTest {
  private static final int LENGTH = 4;
  private static final Loss PULL =
      input -> LossOutput.of(input.query().mul(input.key()).sum(new int[] {1}).neg());

  private static Batch both(long seed) {
    return BatchOf.fresh(10 * seed, 3)
        .with("a", BatchOf.random(3, LENGTH, seed))
        .with("b", BatchOf.random(3, LENGTH, seed + 100))
        .build();
  }

  private static Batch onlyA(long seed) {
    return BatchOf.fresh(10 * seed, 3).with("a", BatchOf.random(3, LENGTH, seed)).build();
  }

  /// The query weights after one step, from the same first weights every time.
  private static Map<String, float[]> after(
      List<Batch> parts, Optional<GradientExchange> exchange) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 5))
            .modality("b", new Vectors(LENGTH, 5))
            .space("self", new SpaceConfig(3, 4))
            .space("common", new SpaceConfig(3, 4))
            .objective("aa", PULL, "a", "a", "self", 1)
            .objective("ab", PULL, "a", "b", "common", 1)
            .objective("ba", PULL, "b", "a", "common", 1)
            .queue(0)
            .build();
    OptimizerConfig config =
        Settings.of(Map.of("type", "sgd", "lr", 0.1, "weightDecay", 0.1))
            .bind(OptimizerConfig.class);
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 7, 100)) {
      new TrainingStep(
              graph,
              Optimizer.of(graph, config),
              Engine.getInstance(),
              7,
              StepClock.none(),
              exchange)
          .take(parts, parts.isEmpty() ? 0 : 1, new Moment(0, 0));
      Map<String, float[]> weights = new TreeMap<>();
      graph.weights().forEach((name, array) -> weights.put(name, array.toFloatArray()));
      weights.keySet().removeIf(name -> !name.startsWith("query."));
      return weights;
    }
  }

  /// What a process would send.
  private static float[] sent(Batch batch) {
    float[][] buffer = new float[1][];
    after(List.of(batch), Optional.of(gradients -> buffer[0] = gradients.toFloatArray()));
    return buffer[0];
  }

  /// The exchange of a process whose partner has sent its buffer already.
  private static GradientExchange mean(float[] partner) {
    return gradients -> {
      NDArray theirs = gradients.getManager().create(partner);
      Torch.copy(gradients.add(theirs).div(2), gradients);
    };
  }

  private static void same(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, values) ->
            assertThat(actual.get(name)).as(name).containsExactly(values, within(1e-6f)));
  }

  private static boolean moved(
      Map<String, float[]> weights, Map<String, float[]> first, String of) {
    float[] before = Objects.requireNonNull(first.get(of));
    float[] now = Objects.requireNonNull(weights.get(of));
    return !Arrays.equals(before, now);
  }

  private static String weightOf(String modality, Map<String, float[]> weights) {
    return weights.keySet().stream()
        .filter(name -> name.startsWith("query." + modality) && name.contains("backbone"))
        .filter(name -> name.endsWith("weight"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void twoProcessesWithHalfABatchEachEndWhereOneWithTheWholeEnds() {
    Map<String, float[]> whole = after(List.of(both(1), both(2)), Optional.empty());
    same(after(List.of(both(1)), Optional.of(mean(sent(both(2))))), whole);
    same(after(List.of(both(2)), Optional.of(mean(sent(both(1))))), whole);
  }

  @Test
  void aParameterThatOnlyAnotherProcessReachedIsChangedByItsGradient() {
    Map<String, float[]> here = after(List.of(onlyA(1)), Optional.of(mean(sent(both(2)))));
    Map<String, float[]> there = after(List.of(both(2)), Optional.of(mean(sent(onlyA(1)))));
    same(here, there);
    Map<String, float[]> first = after(List.of(), Optional.empty());
    assertThat(moved(here, first, weightOf("b", first))).isTrue();
  }

  @Test
  void aParameterThatNoProcessReachedIsLeftAlone() {
    Map<String, float[]> first = after(List.of(), Optional.empty());
    Map<String, float[]> here = after(List.of(onlyA(1)), Optional.of(mean(sent(onlyA(2)))));
    assertThat(moved(here, first, weightOf("a", first))).isTrue();
    assertThat(moved(here, first, weightOf("b", first))).isFalse();
  }
}
