package org.example.signal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.HostArray;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.graph.Weights;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.training.GraphEvaluation;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;
import mmct.api.training.data.BatchSource;
import org.junit.jupiter.api.Test;

/// The modality and the loss in the training graph, found and used as the program finds and uses
/// them.
class SignalTrainingTest {
  private static final SpaceConfig SPACE =
      new SpaceConfig(32, 64, SpaceConfig.Norm.BATCH, Optional.empty());

  @Test
  void theCatalogueFindsBothByName() {
    Catalogue catalogue = Catalogue.load();

    assertThat(catalogue.modality("signal")).isInstanceOf(SignalProvider.class);
    assertThat(catalogue.loss("pairwise-sigmoid")).isInstanceOf(PairwiseSigmoidProvider.class);
  }

  @Test
  void everyParameterLearnsThoseOfTheLossToo() {
    Dataset series = series(64);
    try (TrainingGraph graph = graph(series)) {
      Map<String, float[]> before = weights(graph);
      train(graph, series, 1);
      Map<String, float[]> after = weights(graph);

      assertThat(after)
          .containsKeys("backbone.0.weight", "backbone.6.weight", "logScale", "bias")
          .allSatisfy((name, values) -> assertThat(values).isNotEqualTo(before.get(name)));
    }
  }

  @Test
  void aViewFindsTheSeriesThatItWasDrawnFrom() {
    Dataset training = series(256);
    Dataset unseen = series(50);
    try (TrainingGraph graph = graph(training)) {
      double before = found(graph, unseen);
      train(graph, training, 25);

      // One of 34 is chance.
      assertThat(before).isLessThan(0.4);
      assertThat(found(graph, unseen)).isGreaterThan(before + 0.15);
    }
  }

  /// Sums of three sines of random frequency and phase; a third of the samples lack their series.
  private static Dataset series(int count) {
    SplittableRandom random = new SplittableRandom(count);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Cell cell = new Cell.Numbers(waves(random), 96);
      samples.add(new Sample("s" + i, i % 3 == 2 ? Map.of() : Map.of("signal", cell)));
    }
    return new InMemoryDataset(samples);
  }

  private static float[] waves(SplittableRandom random) {
    float[] series = new float[96];
    for (int wave = 0; wave < 3; wave++) {
      double frequency = random.nextDouble(1, 12);
      double phase = random.nextDouble(2 * Math.PI);
      for (int i = 0; i < series.length; i++) {
        series[i] += (float) Math.sin(2 * Math.PI * frequency * i / series.length + phase);
      }
    }
    return series;
  }

  private static TrainingGraph graph(Dataset training) {
    SignalOptions options =
        Settings.of(Map.of("length", 64, "crop", 0.8)).bind(SignalOptions.class);
    Modality signal =
        new SignalProvider().create(options, ModalityContext.inMemory("signal", training));
    GraphSpec spec =
        GraphSpec.builder()
            .modality("signal", signal)
            .space("own", SPACE)
            .objective("ss", new PairwiseSigmoid(10, -10), "signal", "signal", "own", 1)
            .queue(256)
            .momentum(0.9)
            .build();
    return TrainingGraph.create(spec, Device.cpu(), 1, training.size());
  }

  private static void train(TrainingGraph graph, Dataset training, int epochs) {
    OptimizerConfig rule =
        Settings.of(Map.of("type", "adamw", "lr", 2e-3)).bind(OptimizerConfig.class);
    TrainingStep step = new TrainingStep(graph, Optimizer.of(graph, rule), Engine.getInstance(), 1);
    try (BatchSource batches =
        new BatchSource(training, graph.plan(), BatchSource.Reading.of(32, epochs, 1))) {
      while (batches.hasNext()) {
        Moment moment = new Moment(batches.position(), 0);
        step.take(batches.next(), 1, moment);
      }
    }
  }

  private static Map<String, float[]> weights(TrainingGraph graph) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (Weights weights :
        List.of(
            graph.queryEncoders().get("signal").weights(),
            graph.objectives().getFirst().weights())) {
      weights.slots().forEach(s -> values.put(s.name(), s.parameter().getArray().toFloatArray()));
    }
    return values;
  }

  /// The share of series that are nearest to a training view of themselves.
  private static double found(TrainingGraph graph, Dataset unseen) {
    Features whole = GraphEvaluation.of(graph, unseen, System.err::println).encode("signal", "own");
    Features views =
        GraphEvaluation.of(graph, views(graph, unseen), System.err::println)
            .encode("signal", "own");
    int hits = 0;
    for (int i = 0; i < views.items(); i++) {
      int nearest = 0;
      for (int j = 0; j < whole.items(); j++) {
        nearest =
            similarity(views, i, whole, j) > similarity(views, i, whole, nearest) ? j : nearest;
      }
      hits += nearest == i ? 1 : 0;
    }
    return (double) hits / views.items();
  }

  /// Each series replaced by a training view of it.
  private static Dataset views(TrainingGraph graph, Dataset dataset) {
    Modality signal = graph.plan().modalities().get("signal").modality();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < dataset.size(); i++) {
      Sample sample = dataset.get(i);
      long seed = i;
      samples.add(
          new Sample(
              sample.id(),
              sample
                  .cell("signal")
                  .map(cell -> Map.of("signal", drawn(signal, cell, seed)))
                  .orElse(Map.of())));
    }
    return new InMemoryDataset(samples);
  }

  private static Cell drawn(Modality signal, Cell cell, long seed) {
    var view = signal.draw(cell, new Modality.ViewRequest(1, 0, seed)).queries().getFirst();
    float[] points = ((HostArray.Floats) view.arrays().getFirst()).values();
    return new Cell.Numbers(points, points.length);
  }

  private static double similarity(Features a, int i, Features b, int j) {
    double sum = 0;
    for (int d = 0; d < a.width(); d++) {
      sum += a.values()[i * a.width() + d] * b.values()[j * b.width() + d];
    }
    return sum;
  }
}
