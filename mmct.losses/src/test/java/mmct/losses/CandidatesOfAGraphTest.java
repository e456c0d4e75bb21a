package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.StepClock;
import mmct.api.graph.StepParameters;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Loss;
import mmct.api.spi.PositivesRule;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The losses within a graph, by brute force from the graph's own features: queue rows and keys of
/// the batch as candidates, rows that lack a side, repeated instances, a positives rule.
class CandidatesOfAGraphTest {
  private static final int WIDTH = 3;
  private static final int ROWS = 6;
  private static final int QUEUE = 7;

  /// Instances of three steps; some come again.
  private static final long[][] INSTANCES = {
    {0, 1, 2, 3, 4, 5}, {6, 1, 7, 7, 8, 9}, {7, 8, 10, 0, 11, 9}
  };

  static Stream<Loss> losses() {
    return Stream.of(
        new InfoNce(0.2),
        new MarginRanking(0.3, MarginRanking.Reduction.SUM),
        new MarginRanking(0.3, MarginRanking.Reduction.MEAN),
        new MarginRanking(0.3, MarginRanking.Reduction.MAX));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theQueueAloneGivesTheNegatives(Loss loss) {
    check(new ObjectiveSpec(loss, List.of("a", "b"), "s", 1));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void otherKeysOfTheBatchAreNegativesLikeQueueRows(Loss loss) {
    check(new ObjectiveSpec(loss, List.of("a", "b"), "s", 1, Optional.empty(), true, true));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theBatchAloneGivesTheNegatives(Loss loss) {
    check(new ObjectiveSpec(loss, List.of("a", "b"), "s", 1, Optional.empty(), true, false));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void positivesOfTheRuleShareTheNumerator(boolean inBatch) {
    check(
        new ObjectiveSpec(
            new InfoNce(0.2),
            List.of("a", "b"),
            "s",
            1,
            Optional.of(new SameParity()),
            inBatch,
            true));
  }

  private static void check(ObjectiveSpec objective) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors64(5))
            .modality("b", new Vectors64(5))
            .space("s", new SpaceConfig(WIDTH, 0))
            .objective("o", objective)
            .queue(QUEUE)
            .build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 3, 20)) {
      TrainingStep step = new TrainingStep(graph, still(graph), Engine.getInstance(), 3);
      List<Candidate> queue = new ArrayList<>();
      for (int i = 0; i < INSTANCES.length; i++) {
        Batch batch = batch(i);
        Features features = Features.of(graph, batch);
        double expected = bruteForce(objective, features, batch, queue);
        TrainingStep.Result result = step.take(List.of(batch), 1, new Moment(i, i));
        assertThat(result.terms().get("o")).isCloseTo(expected, within(1e-5));
        if (objective.queued()) {
          queue.addAll(features.keys);
          queue.subList(0, Math.max(0, queue.size() - QUEUE)).clear();
        }
      }
    }
  }

  private static Optimizer still(TrainingGraph graph) {
    return Optimizer.of(
        graph,
        Settings.of(Map.of("lr", 0, "momentum", 0, "weightDecay", 0)).bind(OptimizerConfig.class));
  }

  /// A batch in which row 2 lacks `a` and row 4 lacks `b`. Marks are the instance.
  private static Batch batch(int number) {
    long[] instances = INSTANCES[number];
    Map<String, Batch.Views> views = new HashMap<>();
    views.put("a", views(number, 2));
    views.put("b", views(number + 10, 4));
    List<int[]> marks = Arrays.stream(instances).mapToObj(i -> new int[] {(int) i}).toList();
    return new Batch(
        Arrays.stream(instances).mapToObj(Long::toString).toList(),
        instances,
        views,
        Map.of("o", marks));
  }

  private static Batch.Views views(long seed, int missing) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] rows = IntStream.range(0, ROWS).filter(row -> row != missing).toArray();
    List<View> drawn =
        Arrays.stream(rows)
            .mapToObj(
                row -> {
                  float[] values = new float[Vectors64.LENGTH];
                  for (int i = 0; i < Vectors64.LENGTH; i++) {
                    values[i] = (float) random.nextGaussian();
                  }
                  return View.of(values, Vectors64.LENGTH);
                })
            .toList();
    Batch.Rows view = new Batch.Rows(rows, List.of(HostTensor.stack(drawn, 0)));
    return new Batch.Views(List.of(view), List.of(view));
  }

  /// A key with the row of its batch, from which it came.
  private record Candidate(int row, long instance, double[] values) {}

  private record Features(Map<Integer, double[]> queries, List<Candidate> keys) {
    static Features of(TrainingGraph graph, Batch batch) {
      try (NDManager scope = graph.manager().newSubManager()) {
        var queries =
            graph
                .encodeQueries(batch, new StepParameters(scope, false), scope, StepClock.none())
                .get("a")
                .getFirst();
        var keys = graph.encodeKeys(batch, scope, StepClock.none()).get("b").getFirst();
        Map<Integer, double[]> byRow = new HashMap<>();
        double[][] values = matrix(queries.encoded().projection("s"));
        for (int i = 0; i < values.length; i++) {
          byRow.put(queries.rows()[i], values[i]);
        }
        List<Candidate> candidates = new ArrayList<>();
        double[][] others = matrix(keys.encoded().projection("s"));
        for (int i = 0; i < others.length; i++) {
          int row = keys.rows()[i];
          candidates.add(new Candidate(row, batch.instances()[row], others[i]));
        }
        return new Features(byRow, candidates);
      }
    }

    private static double[][] matrix(NDArray array) {
      float[] flat = array.toFloatArray();
      double[][] rows = new double[flat.length / WIDTH][WIDTH];
      for (int i = 0; i < flat.length; i++) {
        rows[i / WIDTH][i % WIDTH] = flat[i];
      }
      return rows;
    }
  }

  private static double bruteForce(
      ObjectiveSpec objective, Features features, Batch batch, List<Candidate> queue) {
    double sum = 0;
    int count = 0;
    for (Candidate own : features.keys) {
      double[] query = features.queries.get(own.row());
      if (query != null) {
        long instance = batch.instances()[own.row()];
        List<Candidate> others = new ArrayList<>(queue);
        if (objective.inBatchNegatives()) {
          others.addAll(features.keys);
        }
        others.removeIf(candidate -> candidate.instance() == instance);
        boolean ruled = objective.positives().isPresent();
        sum += value(objective.loss(), query, own, others, ruled);
        count++;
      }
    }
    assertThat(count).isEqualTo(ROWS - 2);
    return sum / count;
  }

  private static double value(
      Loss loss, double[] query, Candidate own, List<Candidate> others, boolean ruled) {
    double near = Arrays64.dot(query, own.values());
    if (loss instanceof InfoNce nce) {
      double denominator = Math.exp(near / nce.temperature());
      for (Candidate other : others) {
        denominator += Math.exp(Arrays64.dot(query, other.values()) / nce.temperature());
      }
      double total = near / nce.temperature();
      int positives = 1;
      for (Candidate other : others) {
        if (ruled && (other.instance() - own.instance()) % 2 == 0) {
          total += Arrays64.dot(query, other.values()) / nce.temperature();
          positives++;
        }
      }
      return Math.log(denominator) - total / positives;
    }
    MarginRanking ranking = (MarginRanking) loss;
    double[] hinges =
        others.stream()
            .mapToDouble(
                other -> Math.max(0, ranking.margin() - near + Arrays64.dot(query, other.values())))
            .toArray();
    return switch (ranking.reduction()) {
      case SUM -> Arrays.stream(hinges).sum();
      case MEAN -> Arrays.stream(hinges).average().orElse(0);
      case MAX -> Arrays.stream(hinges).max().orElse(0);
    };
  }

  /// Marks that are both even or both odd.
  private record SameParity() implements PositivesRule {
    @Override
    public String of() {
      return "a";
    }

    @Override
    public int[] marks(View view) {
      throw new AssertionError("the test brings its own marks");
    }

    @Override
    public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
      return queries.stream()
          .map(
              query -> {
                BitSet positives = new BitSet();
                for (int j = 0; j < rows.size(); j++) {
                  positives.set(j, (rows.get(j)[0] - query[0]) % 2 == 0);
                }
                return positives;
              })
          .toList();
    }
  }
}
