package org.example.search;

import static mmct.api.spi.ModalityContext.inMemory;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.training.GraphEvaluation;
import mmct.api.training.Optimizer;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;
import mmct.api.training.data.BatchSource;
import mmct.losses.InfoNce;
import mmct.text.TextOptions;
import mmct.text.TextProvider;
import mmct.vision.ImageOptions;
import mmct.vision.ImageProvider;

/// Trains encoders of pictures and captions that are in memory, then finds pictures by a sentence.
public final class ShapeSearch {
  private static final long SEED = 1;

  private ShapeSearch() {}

  /// Trains on some pictures and looks for others among those it has not seen.
  public static void main(String[] arguments) {
    Dataset training = new InMemoryDataset(Shapes.samples(512, 1));
    Dataset pictures = new InMemoryDataset(Shapes.samples(100, 2));
    try (TrainingGraph graph = graph(training)) {
      train(graph, training, 4);
      for (String sentence : List.of("a red circle", "a blue square", "a green cross")) {
        System.out.println(sentence + ": " + nearest(graph, pictures, sentence));
      }
    }
  }

  /// What is trained: two encoders that meet in one space, each compared with the other's queue.
  static TrainingGraph graph(Dataset training) {
    ImageOptions image =
        Settings.of(Map.of("encoder", "resnet18", "size", 24, "augment", "plain"))
            .bind(ImageOptions.class);
    TextOptions caption =
        Settings.of(Map.of("encoder", Map.of("type", "gru", "width", 128))).bind(TextOptions.class);
    SpaceConfig common = new SpaceConfig(64, 256, SpaceConfig.Norm.BATCH, Optional.empty());
    GraphSpec spec =
        GraphSpec.builder()
            .modality("image", new ImageProvider().create(image, inMemory("image", training)))
            .modality("caption", new TextProvider().create(caption, inMemory("caption", training)))
            .space("common", common)
            .objective("ic", new InfoNce(0.1), "image", "caption", "common", 1)
            .objective("ci", new InfoNce(0.1), "caption", "image", "common", 1)
            .queue(256)
            .momentum(0.99)
            .build();
    return TrainingGraph.create(spec, Device.cpu(), SEED, training.size());
  }

  /// Batch after batch a step; what else happens between two steps is up to you.
  static void train(TrainingGraph graph, Dataset training, int epochs) {
    OptimizerConfig rule =
        Settings.of(Map.of("type", "adamw", "lr", 1e-3)).bind(OptimizerConfig.class);
    TrainingStep step =
        new TrainingStep(graph, Optimizer.of(graph, rule), Engine.getInstance(), SEED);
    try (BatchSource batches =
        new BatchSource(training, graph.plan(), BatchSource.Reading.of(64, epochs, SEED))) {
      while (batches.hasNext()) {
        long done = batches.position();
        Moment moment = new Moment(done, (double) done / batches.stepsPerEpoch());
        TrainingStep.Result result = step.take(batches.next(), 1, moment);
        if (batches.position() % batches.stepsPerEpoch() == 0) {
          System.out.printf("step %d: %s%n", batches.position(), result.terms());
        }
      }
    }
  }

  /// The id of the picture that a sentence describes best.
  static String nearest(TrainingGraph graph, Dataset pictures, String sentence) {
    Sample asked = new Sample("asked", Map.of("caption", Cell.Strings.of(sentence)));
    float[] wanted = encode(graph, "caption", new InMemoryDataset(List.of(asked))).values(); // [d]
    Features found = encode(graph, "image", pictures); // [n, d]
    int best = 0;
    double highest = -1;
    for (int item = 0; item < found.items(); item++) {
      double cosine = 0;
      for (int i = 0; i < found.width(); i++) {
        cosine += wanted[i] * found.values()[item * found.width() + i];
      }
      best = cosine > highest ? item : best;
      highest = Math.max(highest, cosine);
    }
    return pictures.id(found.samples()[best]);
  }

  /// Features of the plain views of samples, new ones or old, in the common space: unit rows.
  private static Features encode(TrainingGraph graph, String modality, Dataset samples) {
    return GraphEvaluation.of(graph, samples, System.err::println).encode(modality, "common");
  }
}
