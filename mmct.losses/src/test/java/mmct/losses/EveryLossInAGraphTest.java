package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;
import mmct.api.spi.Needs;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every objective that there is within a training graph: rows that lack a modality, steps of
/// training, and a run that is resumed.
class EveryLossInAGraphTest {
  private static final List<String> NAMES = List.of("a", "b", "c");

  static Stream<String> names() {
    return Catalogue.load().all().get("loss").stream().map(provider -> provider.name());
  }

  private static <O extends Record> Loss create(LossProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()));
  }

  private static List<String> modalities(Loss loss) {
    return switch (loss.needs().form()) {
      case Needs.Pair _ -> NAMES.subList(0, 2);
      case Needs.Joint joint ->
          NAMES.subList(0, Math.max(joint.atLeast(), Math.min(2, joint.atMost())));
    };
  }

  /// A graph with one objective, and how it is trained.
  private record Bench(TrainingGraph graph, TrainingStep step) implements AutoCloseable {
    static Bench of(String name) {
      Loss loss = create(Catalogue.load().loss(name));
      GraphSpec.Builder spec =
          GraphSpec.builder().space("s", new SpaceConfig(6, 0)).queue(12).randomQueue(true);
      NAMES.forEach(each -> spec.modality(each, new Vectors64(8)));
      spec.objective("o", new GraphSpec.ObjectiveSpec(loss, modalities(loss), "s", 1));
      TrainingGraph graph = TrainingGraph.create(spec.build(), Device.cpu(), 3, 100);
      Optimizer optimizer =
          Optimizer.of(
              graph, Settings.of(Map.of("type", "adamw", "lr", 0.01)).bind(OptimizerConfig.class));
      return new Bench(graph, new TrainingStep(graph, optimizer, Engine.getInstance(), 3));
    }

    TrainingStep.Result take(Batch batch, int number) {
      return step.take(List.of(batch), 1, new Moment(number, 20 + number));
    }

    Map<String, float[]> everything() {
      try (NDManager scope = NDManager.newBaseManager()) {
        Map<String, float[]> all = new TreeMap<>();
        graph.state(scope).forEach((name, array) -> all.put(name, floats(array)));
        return all;
      }
    }

    private static float[] floats(NDArray array) {
      return array.toType(ai.djl.ndarray.types.DataType.FLOAT32, false).toFloatArray();
    }

    @Override
    public void close() {
      graph.close();
    }
  }

  /// A batch of instances, each of which lacks the modalities that are named for it.
  private static Batch batch(Bench bench, long[] instances, Map<Long, String> lacking) {
    Map<String, Batch.Views> views = new HashMap<>();
    Map<String, BatchPlan.Draw> plan = bench.graph().plan().modalities();
    plan.forEach(
        (name, draw) -> {
          int[] rows =
              IntStream.range(0, instances.length)
                  .filter(i -> !lacking.getOrDefault(instances[i], "").contains(name))
                  .toArray();
          views.put(
              name,
              new Batch.Views(
                  drawn(name, draw.queries(), 0, rows, instances),
                  drawn(name, draw.keys(), 50, rows, instances)));
        });
    return new Batch(
        Arrays.stream(instances).mapToObj(Long::toString).toList(), instances, views, Map.of());
  }

  /// Views whose numbers follow from the instance; every second instance lacks the third view.
  private static List<Batch.Rows> drawn(
      String modality, int count, int offset, int[] rows, long[] instances) {
    List<Batch.Rows> all = new ArrayList<>();
    for (int v = 0; v < count; v++) {
      int view = v;
      int[] there =
          offset == 0 && v == 2
              ? Arrays.stream(rows).filter(i -> instances[i] % 2 == 0).toArray()
              : rows;
      List<View> made =
          Arrays.stream(there)
              .mapToObj(i -> vector(modality.hashCode() + 97 * (offset + view) + instances[i]))
              .toList();
      all.add(
          new Batch.Rows(there, made.isEmpty() ? List.of() : List.of(HostTensor.stack(made, 0))));
    }
    return all;
  }

  private static View vector(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Vectors64.LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return View.of(values, values.length);
  }

  @ParameterizedTest
  @MethodSource("names")
  void rowsThatLackAModalityMightAsWellNotBeThere(String name) {
    try (Bench with = Bench.of(name);
        Bench without = Bench.of(name)) {
      Batch all = batch(with, new long[] {5, 8, 2, 12, 6, 9}, Map.of(8L, "abc", 6L, "ab"));
      Batch some = batch(without, new long[] {5, 2, 12, 9}, Map.of());
      TrainingStep.Result expected = without.take(some, 0);
      TrainingStep.Result actual = with.take(all, 0);
      assertThat(actual.terms().get("o")).isCloseTo(expected.terms().get("o"), within(1e-4));
      assertThat(actual.gradientNorm()).isCloseTo(expected.gradientNorm(), within(1e-3));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void oneRowAloneAndNoRowAtAllCanBeTrainedOn(String name) {
    try (Bench bench = Bench.of(name)) {
      TrainingStep.Result one = bench.take(batch(bench, new long[] {4}, Map.of()), 0);
      assertThat(one.total()).isFinite();
      assertThat(one.gradientNorm()).isFinite();
      TrainingStep.Result none = bench.take(batch(bench, new long[] {4, 7}, lackingAll()), 1);
      assertThat(none.terms()).as("absent, not zero").isEmpty();
    }
  }

  private static Map<Long, String> lackingAll() {
    return Map.of(4L, "abc", 7L, "abc");
  }

  @ParameterizedTest
  @MethodSource("names")
  void aRunThatIsResumedGoesOnBitForBit(String name) {
    try (Bench through = Bench.of(name);
        Bench resumed = Bench.of(name);
        NDManager scope = NDManager.newBaseManager()) {
      long[][] steps = {{1, 2, 3, 4}, {5, 2, 7, 8, 9}, {3, 1, 8}};
      for (int i = 0; i < 2; i++) {
        through.take(batch(through, steps[i], Map.of(2L, "b")), i);
      }
      resumed.graph().restore(through.graph().state(scope));
      TrainingStep.Result expected = through.take(batch(through, steps[2], Map.of()), 2);
      TrainingStep.Result actual = resumed.take(batch(resumed, steps[2], Map.of()), 2);
      assertThat(actual.terms()).isEqualTo(expected.terms());
      assertThat(actual.gradientNorm()).isEqualTo(expected.gradientNorm());
      through
          .everything()
          .forEach(
              (array, values) -> {
                assertThat(values).as(array).isNotNull();
                if (array.startsWith("state.") || array.startsWith("queue.")) {
                  assertThat(resumed.everything().get(array)).as(array).isEqualTo(values);
                }
              });
    }
  }
}
