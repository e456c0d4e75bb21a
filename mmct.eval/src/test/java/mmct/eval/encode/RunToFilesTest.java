package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.api.spi.TrainedEncoder;
import mmct.api.training.CheckpointChoice;
import mmct.api.training.EncoderChoice;
import mmct.api.training.Progress;
import mmct.api.training.RunRequest;
import mmct.api.training.TrainedRun;
import mmct.api.training.Training;
import mmct.eval.RetrievalOptions;
import mmct.eval.RetrievalProvider;
import mmct.eval.onnx.WeightType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run of pictures, captions and tags ends with files, and what the files give is what the run's
/// encoders give.
class RunToFilesTest {
  private static final String RUN =
      """
      modalities:
        image: {type: image, encoder: resnet18, size: 32}
        caption: {type: text, maxLength: 24, encoder: {type: transformer, width: 32, depth: 1}}
        tags: {type: tags, encoder: {width: 16, hidden: 24}}
      spaces:
        own: {width: 8, hidden: 12}
        common: {width: 12, hidden: 16, norm: batch}
      objectives:
        ii: {loss: info-nce, query: image, key: image, space: own, temperature: 0.1}
        ic: {loss: margin-ranking, query: image, key: caption, space: common}
        ci: {loss: margin-ranking, query: caption, key: image, space: common}
        it: {loss: margin-ranking, query: image, key: tags, space: common}
        ti: {loss: margin-ranking, query: tags, key: image, space: common}
      data: {type: scenes, options: {train: 48, val: 8, test: 21, size: 40}}
      queue: 32
      batch: 16
      epochs: 2
      optimizer: {type: adamw, lr: 1e-3}
      """;

  @TempDir private static Path folder;
  private static Path run;
  private static final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void train() {
    run = folder.resolve("first-run");
    notes.addAll(train(RUN, run));
  }

  private static List<String> train(String yaml, Path into) {
    List<String> heard = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            heard.add(line);
          }
        };
    RunRequest request = new RunRequest(into, false, "cpu", List.of());
    try (Training training =
        Training.prepare(YamlReader.read(yaml, "run.yaml"), Catalogue.load(), request, progress)) {
      assertThat(training.run().status()).isEqualTo("finished");
    }
    return heard;
  }

  private static TrainedRun open() {
    return TrainedRun.open(run, Catalogue.load(), "cpu", note -> {});
  }

  private static OnnxEncoder open(Path file) {
    return OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load());
  }

  private static DataSource scenes(EncoderSet encoders) {
    return scenes(
        Catalogue.load().dataset("scenes"),
        new DatasetProvider.Request(Optional.empty(), encoders.columns()));
  }

  private static <O extends Record> DataSource scenes(
      DatasetProvider<O> provider, DatasetProvider.Request request) {
    return provider.open(
        YamlReader.read("{train: 48, val: 8, test: 21, size: 40}", "t").bind(provider.options()),
        request);
  }

  @Test
  void aRunEndsWithTheEncodersOfAllModalitiesInTheSpaceThatTheyShare() {
    for (String name : List.of("image", "caption", "tags")) {
      Path file = run.resolve("encoders").resolve(name + ".onnx");
      assertThat(file).exists();
      assertThat(notes).anyMatch(line -> line.startsWith("exported") && line.contains(name));
      try (OnnxEncoder encoder = open(file)) {
        EncoderDescription says = encoder.description();
        assertThat(says.name()).isEqualTo(name);
        assertThat(says.space()).contains("common");
        assertThat(says.width()).isEqualTo(12);
        assertThat(says.normalised()).isTrue();
        assertThat(says.momentum()).isFalse();
        assertThat(says.origin().toMap())
            .containsEntry("run", "first-run")
            .containsEntry("step", "6")
            .containsEntry("seed", "1")
            .containsKeys("data", "mmct");
      }
    }
  }

  @Test
  void filesGiveTheFeaturesThatTheRunGives() {
    Path encoders = run.resolve("encoders");
    try (TrainedRun trained = open();
        EncoderSet files =
            new EncoderSet(
                Stream.of("image", "caption", "tags")
                    .map(name -> open(encoders.resolve(name + ".onnx")))
                    .toList())) {
      EvaluationContext byRun = trained.evaluation(Optional.empty(), "test", Map.of());
      EvaluationContext byFiles = files.before(scenes(files), "test", Catalogue.load(), note -> {});
      for (String name : List.of("image", "caption", "tags")) {
        assertSame(byFiles.encode(name, "common"), byRun.encode(name, "common"));
      }
    }
  }

  private static void assertSame(Features actual, Features expected) {
    assertThat(actual.samples()).containsExactly(expected.samples());
    assertThat(actual.width()).isEqualTo(expected.width());
    float largest = 0;
    float difference = 0;
    for (int i = 0; i < expected.values().length; i++) {
      largest = Math.max(largest, Math.abs(expected.values()[i]));
      difference = Math.max(difference, Math.abs(expected.values()[i] - actual.values()[i]));
    }
    assertThat(difference / largest).isLessThan(1e-4f);
  }

  @Test
  void anEvaluationOfTheFilesGivesTheFiguresOfTheRun() {
    Path encoders = run.resolve("encoders");
    RetrievalOptions options =
        YamlReader.read("{query: image, key: caption}", "t").bind(RetrievalOptions.class);
    try (TrainedRun trained = open();
        EncoderSet files =
            new EncoderSet(
                List.of(
                    open(encoders.resolve("image.onnx")),
                    open(encoders.resolve("caption.onnx"))))) {
      Evaluation byRun =
          new RetrievalProvider()
              .create(options)
              .evaluate(trained.evaluation(Optional.empty(), "test", Map.of()))
              .orElseThrow();
      Evaluation byFiles =
          new RetrievalProvider()
              .create(options)
              .evaluate(files.before(scenes(files), "test", Catalogue.load(), note -> {}))
              .orElseThrow();
      assertThat(byFiles.figures()).isEqualTo(byRun.figures());
    }
  }

  @Test
  void backbonesSpacesAndMomentumEncodersLeaveUnderNamesOfTheirOwn() throws IOException {
    Path out = Files.createDirectories(folder.resolve("chosen"));
    OnnxEncoderExporter exporter = new OnnxEncoderExporter(WeightType.FLOAT32);
    try (TrainedRun trained = open()) {
      List<EncoderChoice> choices =
          List.of(
              new EncoderChoice(Optional.of("image"), new EncoderChoice.OfBackbone(), false),
              new EncoderChoice(Optional.empty(), new EncoderChoice.OfSpace("own"), false),
              new EncoderChoice(Optional.of("caption"), new EncoderChoice.Usual(), true));
      for (EncoderChoice choice : choices) {
        trained.encoders(choice).forEach(encoder -> exporter.export(encoder, out));
      }
      try (Stream<Path> files = Files.list(out)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "image-backbone.onnx", "image-own.onnx", "caption-common-momentum.onnx");
      }
      try (EncoderSet files = new EncoderSet(List.of(open(out.resolve("image-backbone.onnx"))))) {
        EvaluationContext byRun = trained.evaluation(Optional.empty(), "test", Map.of());
        EvaluationContext byFiles =
            files.before(scenes(files), "test", Catalogue.load(), note -> {});
        assertSame(byFiles.encode("image", ""), byRun.encode("image", ""));
        assertThatThrownBy(() -> byFiles.encode("image", "common"))
            .isInstanceOf(MmctException.class)
            .hasMessageContaining("the space common of image, which no --encoder gives");
      }
    }
  }

  @Test
  void halfTheBytesGiveNearlyTheSameFeatures() throws IOException {
    Path out = Files.createDirectories(folder.resolve("half"));
    EncoderChoice backbone =
        new EncoderChoice(Optional.of("caption"), new EncoderChoice.OfBackbone(), false);
    try (TrainedRun trained = open()) {
      TrainedEncoder caption = trained.encoders(backbone).getFirst();
      Path full = new OnnxEncoderExporter(WeightType.FLOAT32).export(caption, out).getFirst();
      long bytes = Files.size(full);
      Path half = new OnnxEncoderExporter(WeightType.FLOAT16).export(caption, out).getFirst();
      assertThat((double) Files.size(half) / bytes).isBetween(0.45, 0.75);
    }
  }

  @Test
  void whatTheRunDoesNotHaveIsRefusedWithWhatItHas() {
    try (TrainedRun trained = open()) {
      assertThatThrownBy(
              () ->
                  trained.encoders(
                      new EncoderChoice(Optional.of("imagf"), new EncoderChoice.Usual(), false)))
          .hasMessage(
              "the run has no such encoder of 'imagf'; did you mean image?; it has those of: image,"
                  + " caption, tags");
      assertThatThrownBy(
              () ->
                  trained.encoders(
                      new EncoderChoice(
                          Optional.empty(), new EncoderChoice.OfSpace("comon"), false)))
          .hasMessage(
              "no encoder of caption, image, tags projects into a space 'comon'; did you mean"
                  + " common?; spaces: common, own");
    }
    for (String which : List.of("best", "5")) {
      assertThatThrownBy(
              () ->
                  TrainedRun.open(
                      run, CheckpointChoice.parse(which), Catalogue.load(), "cpu", note -> {}))
          .isInstanceOf(MmctException.class)
          .message()
          .containsAnyOf(
              "keeps no best checkpoint", "has no checkpoint of step 5; there are: 3, 6");
    }
  }

  @Test
  void anEarlierCheckpointGivesTheEncodersOfItsStep() {
    try (TrainedRun earlier =
        TrainedRun.open(run, CheckpointChoice.parse("3"), Catalogue.load(), "cpu", note -> {})) {
      assertThat(earlier.encoders(EncoderChoice.usual()))
          .allSatisfy(encoder -> assertThat(encoder.origin()).containsEntry("step", "3"));
    }
  }

  @Test
  void aFileNamesNoFolderOfTheMachineThatTrained() throws IOException {
    Path words = Files.createDirectories(folder.resolve("machine")).resolve("words.txt");
    Files.copy(run.resolve("modalities").resolve("caption").resolve("vocabulary.txt"), words);
    Path other = folder.resolve("given-words");
    train(RUN.replace("maxLength: 24,", "maxLength: 24, vocabulary: '" + words + "',"), other);
    Path file = other.resolve("encoders").resolve("caption.onnx");
    assertThat(OnnxFile.metadata(file).values())
        .contains("words.txt")
        .noneMatch(text -> text.contains(folder.toString()));

    Files.delete(words);
    try (OnnxEncoder encoder = open(file)) {
      assertThat(encoder.encode(List.of(Cell.Strings.of("a red circle")))).hasSize(1);
    }
  }

  @Test
  void aRunMayEndWithoutFiles() {
    Path other = folder.resolve("no-export");
    train(RUN + "export: none\nsteps: 1\n", other);
    assertThat(other.resolve("encoders")).doesNotExist();
  }

  @Test
  void anExporterThatIsNotThereIsRefusedBeforeTraining() {
    Path other = folder.resolve("refused");
    assertThatThrownBy(() -> train(RUN + "export: onyx\n", other))
        .hasMessageContaining("export: there is no exporter 'onyx'; did you mean onnx?")
        .hasMessageContaining("run.yaml:");
    assertThat(other).doesNotExist();
  }

  @Test
  void twoFilesOfTheSameAreNotJudgedTogether() {
    Path image = run.resolve("encoders").resolve("image.onnx");
    assertThatThrownBy(() -> new EncoderSet(List.of(open(image), open(image))))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("are both of image, space common");
  }
}
