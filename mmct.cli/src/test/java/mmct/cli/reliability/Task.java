package mmct.cli.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.api.spi.TrainedEncoder;
import mmct.api.training.EncoderChoice;
import mmct.api.training.Progress;
import mmct.api.training.RunRequest;
import mmct.api.training.TrainedRun;
import mmct.api.training.Training;
import mmct.eval.EvaluationResult;
import mmct.eval.embed.Embedding;
import mmct.eval.embed.EmbeddingTarget;
import mmct.eval.encode.EncodingOptions;
import mmct.eval.encode.OnnxEncoder;

/// Something that the program does and that ends in files. It can be started again where it was
/// interrupted, as a user would.
interface Task {
  /// Does it, or the rest of it.
  ///
  /// @param folder where the files go
  void run(Path folder);

  /// Captions and tags: every kind of state that a run has, in two seconds.
  String WORDS =
      """
      data: {type: scenes, options: {train: 40, val: 12, test: 12}, workers: 2}
      modalities:
        caption:
          type: text
          encoder: {type: transformer, depth: 1, width: 16, heads: 2, dropout: 0.1}
          maxLength: 12
          augment: {source: other-caption, wordDropout: 0.1}
        tags: {type: tags, dropTags: 0.2, encoder: {width: 16, hidden: 16}}
      spaces:
        common: {width: 8, hidden: 16, norm: batch}
      objectives:
        ct: {loss: info-nce, query: caption, key: tags, space: common}
        tc: {loss: margin-ranking, query: tags, key: caption, space: common}
      queue: 24
      momentum: 0.9
      batch: 12
      epochs: 2
      optimizer: {type: adamw, lr: 1e-3}
      checkpoints: {everySteps: 2, best: retrieval.caption-to-tags.R@5, keep: 2}
      evaluate: {everyEpochs: 1, run: {retrieval: {type: retrieval}}}
      logEvery: 1
      """;

  /// Pictures and captions.
  String PICTURES =
      """
      data: {type: scenes, options: {train: 24, val: 8, test: 8}, workers: 2}
      modalities:
        image: {type: image, encoder: resnet18, size: 16, augment: plain}
        caption: {type: text, encoder: {type: gru, width: 16}, maxLength: 12}
      spaces:
        common: {width: 8, hidden: 16}
      objectives:
        ic: {loss: clip, query: image, key: caption, space: common}
      batch: 8
      epochs: 1
      optimizer: {type: sgd, lr: 0.01}
      checkpoints: {everySteps: 1, keep: 1}
      logEvery: 1
      """;

  /// Trains a configuration.
  static Task train(String yaml, Catalogue catalogue) {
    return folder -> {
      Path kept = folder.resolve("config.yaml");
      boolean resume = Files.exists(kept);
      Settings settings = YamlReader.read(resume ? text(kept) : yaml, "config.yaml");
      RunRequest request = new RunRequest(folder, resume, "cpu", List.of("train"));
      try (Training training = Training.prepare(settings, catalogue, request, new Warnings())) {
        training.run();
      }
    };
  }

  /// Exports the encoders of a finished run.
  static Task export(Path run, Catalogue catalogue) {
    return folder -> {
      Exporter exporter = exporter(catalogue.exporter("onnx"), catalogue);
      try (TrainedRun trained = TrainedRun.open(run, catalogue, "cpu", note -> {})) {
        for (TrainedEncoder encoder : trained.encoders(EncoderChoice.usual())) {
          exporter.export(encoder, folder);
        }
      }
    };
  }

  private static <O extends Record> Exporter exporter(
      ExporterProvider<O> provider, Catalogue catalogue) {
    return provider.create(Settings.empty().bind(provider.options()), catalogue);
  }

  /// Embeds a hundred captions, with a milestone after every batch.
  static Task embed(Path encoder, Catalogue catalogue) {
    return folder -> {
      EmbeddingTarget target =
          new EmbeddingTarget(
              folder.resolve("features.npy"), Set.of(EmbeddingTarget.Format.values()));
      // Nobody starts it again where all is done.
      boolean done = target.files().stream().allMatch(Files::exists);
      if (done && !Files.exists(folder.resolve("features.npy.progress"))) {
        return;
      }
      EncodingOptions options = new EncodingOptions(EncodingOptions.Device.CPU, 1, 1, 16);
      try (OnnxEncoder opened = OnnxEncoder.open(encoder, options, catalogue)) {
        new Embedding(opened, captions(), "captions", target, Duration.ZERO)
            .run(new SilentListener());
      }
    };
  }

  private static InMemoryDataset captions() {
    return new InMemoryDataset(
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    new Sample(
                        "s" + i,
                        Map.of("caption", Cell.Strings.of("a red circle", "shape " + i % 7))))
            .toList());
  }

  /// Judges a finished run, whose folder is the one that is written to.
  static Task evaluate(Catalogue catalogue) {
    return folder -> {
      try (TrainedRun trained = TrainedRun.open(folder, catalogue, "cpu", note -> {})) {
        Evaluator evaluator = evaluator(catalogue.evaluator("retrieval"));
        trained.writeResult(
            "retrieval",
            new EvaluationResult(
                    "retrieval",
                    evaluator
                        .evaluate(trained.evaluation(Optional.empty(), "test", evaluator.columns()))
                        .orElseThrow(),
                    trained.fingerprint(Optional.empty()),
                    "test",
                    trained.seed(),
                    "run")
                .toMap());
      }
    };
  }

  private static <O extends Record> Evaluator evaluator(EvaluatorProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Makes a failure of what a run would only warn of, such as its export.
  final class Warnings implements Progress {
    @Override
    public void warning(String line) {
      throw new mmct.api.MmctException(line);
    }
  }

  /// Nobody listens.
  final class SilentListener implements Embedding.Listener {
    @Override
    public void encoded(int samples, int of, int resumedAt) {}

    @Override
    public void broken(mmct.api.training.data.BrokenCell cell) {}
  }
}
