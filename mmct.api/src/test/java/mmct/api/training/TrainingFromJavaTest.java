package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Backbone;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.Needs;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.data.BatchSource;
import org.junit.jupiter.api.Test;

/// A graph trained and used without a configuration.
class TrainingFromJavaTest {
  private static final Dataset SAMPLES =
      new InMemoryDataset(
          List.of(sample("both", 1, 2), sample("a", 3), sample("none"), sample("also both", 5, 6)));

  /// A sample of one number for `a`, and one for `b`.
  private static Sample sample(String id, float... numbers) {
    Stream<String> names = Stream.of("a", "b").limit(numbers.length);
    Map<String, Cell> cells = new TreeMap<>();
    names.forEach(name -> cells.put(name, number(numbers[cells.size()])));
    return new Sample(id, cells);
  }

  private static Cell number(float number) {
    return new Cell.Numbers(new float[] {number, 1}, 2);
  }

  /// Pairs of numbers through one linear layer; a negative one cannot be read.
  private record Pairs() implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      return new Views(plain(cell), plain(cell));
    }

    @Override
    public List<View> plain(Cell cell) {
      float[] pair = ((Cell.Numbers) cell).values();
      if (pair[0] < 0) {
        throw new BrokenCellException("the number is negative: " + pair[0]);
      }
      return List.of(View.of(pair, 2));
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return Optional.of(
          new Backbone(Linear.builder().setUnits(4).build(), 4, List.of(new Shape(1, 2))));
    }
  }

  /// Pulls query and key together, with a trained factor.
  private record Pull() implements Loss {
    @Override
    public Needs needs() {
      return Needs.pair().parameters(LossParameter.scalar("factor", 2));
    }

    @Override
    public LossOutput evaluate(LossInput input) {
      return LossOutput.of(
          input.query().mul(input.key()).sum(new int[] {1}).mul(input.parameter("factor")).neg());
    }
  }

  private static TrainingGraph graph() {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Pairs())
            .modality("b", new Pairs())
            .space("common", new SpaceConfig(3, 0))
            .objective("ab", new Pull(), "a", "b", "common", 1)
            .objective("ba", new Pull(), "b", "a", "common", 1)
            .queue(0)
            .momentum(0.5)
            .build();
    return TrainingGraph.create(spec, Device.cpu(), 1, SAMPLES.size());
  }

  private static OptimizerConfig sgd(double rate) {
    return Settings.of(Map.of("type", "sgd", "lr", rate)).bind(OptimizerConfig.class);
  }

  @Test
  void aContextInMemoryShowsTheCellsOfItsModalityAndKeepsFiles() {
    ModalityContext context = ModalityContext.inMemory("b", SAMPLES);
    context.store().write("list", new byte[] {7});

    assertThat(context.name()).isEqualTo("b");
    assertThat(context.trainingCells().orElseThrow().get())
        .extracting(cell -> ((Cell.Numbers) cell).values()[0])
        .containsExactly(2f, 6f);
    assertThat(context.store().read("list")).hasValue(new byte[] {7});
  }

  @Test
  void theOptimiserHasAGroupForEachModalityAndEachObjectiveWithParameters() {
    try (TrainingGraph graph = graph()) {
      assertThat(Optimizer.of(graph, sgd(0.1)).rates(0.5))
          .isEqualTo(Map.of("a", 0.05, "b", 0.05, "objective ab", 0.05, "objective ba", 0.05));
      assertThat(Optimizer.of(graph, sgd(0.1), name -> name.equals("a") ? 1 : 2).rates(0.5))
          .isEqualTo(Map.of("a", 0.5, "b", 1.0, "objective ab", 0.05, "objective ba", 0.05));
    }
  }

  @Test
  void whatIsTrainedPullsTogetherWhatBelongsTogether() {
    try (TrainingGraph graph = graph()) {
      TrainingStep step =
          new TrainingStep(graph, Optimizer.of(graph, sgd(0.1)), Engine.getInstance(), 1);
      double before = cosine(graph);
      try (BatchSource batches =
          new BatchSource(SAMPLES, graph.plan(), BatchSource.Reading.of(4, 100, 1))) {
        while (batches.hasNext()) {
          Moment moment = new Moment(batches.position(), batches.position());
          step.take(batches.next(), 1, moment);
        }
      }
      assertThat(before).isLessThan(0.9);
      assertThat(cosine(graph)).isGreaterThan(0.99);
    }
  }

  /// Between the two sides of the first sample.
  private static double cosine(TrainingGraph graph) {
    float[] a = encode(graph, "a", SAMPLES, new ArrayList<>()).values();
    float[] b = encode(graph, "b", SAMPLES, new ArrayList<>()).values();
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  private static Features encode(
      TrainingGraph graph, String modality, Dataset samples, List<String> notes) {
    return GraphEvaluation.of(graph, samples, notes::add).encode(modality, "common");
  }

  @Test
  void featuresAreUnitRowsInTheOrderOfTheSamplesThatHaveTheModality() {
    try (TrainingGraph graph = graph()) {
      Features features = encode(graph, "a", SAMPLES, new ArrayList<>());

      assertThat(features.samples()).containsExactly(0, 1, 3);
      assertThat(features.width()).isEqualTo(3);
      for (int item = 0; item < 3; item++) {
        double squares = 0;
        for (int i = 0; i < 3; i++) {
          squares += Math.pow(features.values()[item * 3 + i], 2);
        }
        assertThat(squares).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void aSampleHasTheSameFeaturesInAnyCompany() {
    try (TrainingGraph graph = graph()) {
      float[] all = encode(graph, "a", SAMPLES, new ArrayList<>()).values();
      Dataset last = new InMemoryDataset(List.of(SAMPLES.get(3)));
      float[] alone = encode(graph, "a", last, new ArrayList<>()).values();

      assertThat(alone).containsExactly(new float[] {all[6], all[7], all[8]}, within(1e-6f));
    }
  }

  @Test
  void aPartOfTheSamplesHasTheFeaturesOfTheWholeInEverySpace() {
    Dataset samples =
        new InMemoryDataset(
            Stream.of(1, 2, 3, 4, 5, 6, 7).map(i -> sample("s" + i, i, 2f * i)).toList());
    try (TrainingGraph graph = graph()) {
      GraphEvaluation context = GraphEvaluation.of(graph, samples, note -> {});
      Map<String, Features> part = context.encode("a", Set.of("", "common"), 3);

      for (String space : List.of("", "common")) {
        Features whole = context.encode("a", space);
        Features some = Objects.requireNonNull(part.get(space));
        assertThat(some.samples()).containsExactly(0, 2, 4);
        assertThat(some.width()).isEqualTo(whole.width());
        for (int i = 0; i < some.values().length; i++) {
          int row = some.samples()[i / some.width()];
          float expected = whole.values()[row * some.width() + i % some.width()];
          assertThat(some.values()[i]).isCloseTo(expected, within(1e-6f));
        }
      }
    }
  }

  @Test
  void aCellThatCannotBeReadIsLeftOutOfTheFeaturesAndTold() {
    Dataset samples = new InMemoryDataset(List.of(sample("bad", -1), sample("good", 1)));
    List<String> notes = new ArrayList<>();
    try (TrainingGraph graph = graph()) {
      assertThat(encode(graph, "a", samples, notes).samples()).containsExactly(1);
      assertThat(notes).singleElement().asString().contains("the number is negative: -1.0");
    }
  }

  @Test
  void aCellThatCannotBeReadEndsATraining() {
    Dataset samples = new InMemoryDataset(List.of(sample("bad", -1, 2), sample("good", 1, 2)));
    try (TrainingGraph graph = graph();
        BatchSource batches =
            new BatchSource(samples, graph.plan(), BatchSource.Reading.of(2, 1, 1))) {
      assertThatThrownBy(batches::next)
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("bad")
          .hasMessageContaining("the number is negative: -1.0");
    }
  }
}
