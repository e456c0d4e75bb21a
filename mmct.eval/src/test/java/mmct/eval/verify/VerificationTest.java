package mmct.eval.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.io.SafeTensorsWriter;
import mmct.api.spi.Catalogue;
import mmct.api.training.Progress;
import mmct.api.training.RunRequest;
import mmct.api.training.TrainedRun;
import mmct.api.training.Training;
import mmct.api.training.data.BrokenCell;
import mmct.eval.embed.Embedding;
import mmct.eval.embed.EmbeddingTarget;
import mmct.eval.encode.OnnxEncoder;
import mmct.eval.encode.TinyEncoders;
import mmct.eval.verify.Finding.State;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run with everything that a run leaves, of which single bits flip and files go missing.
class VerificationTest {
  private static final String RUN =
      """
      modalities:
        caption: {type: text, maxLength: 12, encoder: {type: transformer, width: 16, heads: 2, depth: 1}}
        tags: {type: tags, encoder: {width: 8, hidden: 8}}
      spaces: {common: {width: 8, hidden: 8}}
      objectives:
        ct: {loss: clip, query: caption, key: tags, space: common}
      data: {type: scenes, options: {train: 16, val: 4, test: 4, size: 16}}
      batch: 8
      epochs: 2
      logEvery: 1
      optimizer: {type: adamw, lr: 1e-3}
      """;

  @TempDir private static Path folder;
  private static Path run;

  @BeforeAll
  static void train() throws IOException {
    run = folder.resolve("run");
    RunRequest request = new RunRequest(run, false, "cpu", List.of());
    try (Training training =
        Training.prepare(
            YamlReader.read(RUN, "run.yaml"), Catalogue.load(), request, new Progress() {})) {
      assertThat(training.run().status()).isEqualTo("finished");
    }
    try (TrainedRun trained = open()) {
      trained.writeResult("retrieval", Map.of("name", "retrieval", "figures", Map.of()));
    }
    try (OnnxEncoder encoder = encoder()) {
      new Embedding(
              encoder,
              new InMemoryDataset(
                  List.of(new Sample("a", Map.of("caption", Cell.Strings.of("a red circle"))))),
              "data",
              EmbeddingTarget.named(run.resolve("features.npy")),
              Duration.ZERO)
          .run(
              new Embedding.Listener() {
                @Override
                public void encoded(int samples, int of, int resumedAt) {}

                @Override
                public void broken(BrokenCell cell) {}
              });
    }
  }

  private static TrainedRun open() {
    return TrainedRun.open(run, Catalogue.load(), "cpu", note -> {});
  }

  private static OnnxEncoder encoder() {
    return OnnxEncoder.open(
        run.resolve("encoders/caption.onnx"), TinyEncoders.quickly(), Catalogue.load());
  }

  private static Map<String, State> states() {
    Map<String, State> states = new HashMap<>();
    Verification.of(run)
        .forEach(it -> states.put(run.relativize(it.file()).toString(), it.state()));
    return states;
  }

  private static byte[] flipped(byte[] whole, long bit) {
    byte[] flipped = whole.clone();
    flipped[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    return flipped;
  }

  @Test
  void aWholeRunIsIntactAndSaysWhatCarriesNoChecksum() throws IOException {
    Map<String, State> states = states();
    assertThat(states.values()).doesNotContain(State.DAMAGED);
    assertThat(states)
        .containsEntry("config.yaml", State.INTACT)
        .containsEntry("run.json", State.INTACT)
        .containsEntry("modalities/caption/vocabulary.txt", State.INTACT)
        .containsEntry("encoders/caption.onnx", State.INTACT)
        .containsEntry("encoders/tags.onnx", State.INTACT)
        .containsEntry("results/retrieval.json", State.INTACT)
        .containsEntry("features.npy", State.INTACT)
        .containsEntry("features.npy.ids.csv", State.INTACT)
        .containsEntry("checkpoints/step-000000004.safetensors", State.INTACT)
        .containsEntry("metrics.jsonl", State.UNPROVEN);
    try (Stream<Path> all = Files.walk(run)) {
      assertThat(states.keySet())
          .containsExactlyInAnyOrderElementsOf(
              all.filter(Files::isRegularFile)
                  .map(file -> run.relativize(file).toString())
                  .filter(name -> !name.equals(".lock"))
                  .toList());
    }
  }

  @Test
  void aFlippedBitOfAnyFileThatHasAChecksumIsFound() throws IOException {
    Map<String, State> states = states();
    for (Map.Entry<String, State> it : states.entrySet()) {
      Path file = run.resolve(it.getKey());
      byte[] whole = Files.readAllBytes(file);
      if (it.getValue() != State.INTACT) {
        continue;
      }
      try {
        for (int i = 0; i < 60; i++) {
          long bit = Math.min(whole.length * 8L - 1, whole.length * 8L * i / 60 + i % 8);
          Files.write(file, flipped(whole, bit));
          assertThat(Verification.of(file))
              .as("%s, bit %d", it.getKey(), bit)
              .extracting(Finding::state)
              .contains(State.DAMAGED);
        }
      } finally {
        Files.write(file, whole);
      }
    }
    assertThat(states()).isEqualTo(states);
  }

  @Test
  void aFolderThatIsWrittenMeanwhileIsNotDamaged(@TempDir Path written) throws Exception {
    Checksums sums = Checksums.in(written);
    sums.writeFile("state.txt", "none".getBytes(UTF_8));
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !done.get(); i++) {
                    sums.writeFile("state.txt", Integer.toString(i).getBytes(UTF_8));
                    AtomicFiles.write(written.resolve(i + ".json"), "{}".getBytes(UTF_8));
                    AtomicFiles.delete(written.resolve(i + ".json"));
                  }
                });
    try {
      for (int i = 0; i < 300; i++) {
        assertThat(Verification.of(written))
            .extracting(Finding::state)
            .doesNotContain(State.DAMAGED);
      }
    } finally {
      done.set(true);
      writer.join();
    }
  }

  @Test
  void noFlippedBitOfAnEncodersFileGivesAnotherEncoder() throws IOException {
    Path file = run.resolve("encoders/caption.onnx");
    byte[] whole = Files.readAllBytes(file);
    // The last part holds the vocabulary, the digest and what leads to it.
    long tail = Math.max(0, whole.length - 1500) * 8L;
    try {
      for (long bit = 0; bit < whole.length * 8L; bit += bit < tail ? whole.length / 5 : 31) {
        Files.write(file, flipped(whole, bit));
        assertThatThrownBy(VerificationTest::encoder)
            .as("bit %d", bit)
            .isInstanceOf(MmctException.class);
      }
      for (int less = 1; less < 600; less++) {
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - less));
        assertThatThrownBy(VerificationTest::encoder)
            .as("cut by %d bytes", less)
            .isInstanceOf(MmctException.class);
      }
    } finally {
      Files.write(file, whole);
    }
    encoder().close();
  }

  @Test
  void aChangedVocabularyIsRefusedEvenWithAChecksumOfItsOwn() throws IOException {
    Path words = run.resolve("modalities/caption/vocabulary.txt");
    Path sums = words.resolveSibling("SHA256SUMS");
    byte[] whole = Files.readAllBytes(words);
    byte[] line = Files.readAllBytes(sums);
    try {
      Files.write(words, flipped(whole, whole.length * 8L - 20));
      assertThatThrownBy(VerificationTest::open)
          .isInstanceOf(MmctException.class)
          .hasMessage(words + " is damaged or was changed: its SHA-256 is not in SHA256SUMS");
      Files.delete(sums);
      assertThatThrownBy(VerificationTest::open)
          .isInstanceOf(MmctException.class)
          .hasMessageStartingWith(words + " is not what ")
          .hasMessageContaining("step-000000004.safetensors was trained with");
      Files.delete(words);
      assertThat(states()).containsEntry("checkpoints/step-000000004.safetensors", State.DAMAGED);
    } finally {
      Files.write(words, whole);
      Files.write(sums, line);
    }
    open().close();
  }

  @Test
  void aChangedConfigurationIsRefusedUntilItsLineIsTakenAway() throws IOException {
    Path config = run.resolve("config.yaml");
    Path sums = run.resolve("SHA256SUMS");
    String whole = Files.readString(config);
    String lines = Files.readString(sums);
    try {
      Files.writeString(config, whole.replace("logEvery: 1", "logEvery: 2"));
      assertThatThrownBy(VerificationTest::open)
          .isInstanceOf(MmctException.class)
          .hasMessageContaining(config + " is damaged or was changed")
          .hasMessageContaining("delete its line there");
      Files.write(sums, lines.lines().filter(it -> !it.endsWith("config.yaml")).toList());
      open().close();
      assertThat(states()).containsEntry("config.yaml", State.UNPROVEN);
    } finally {
      Files.writeString(config, whole);
      Files.writeString(sums, lines);
    }
  }

  @Test
  void whatIsMissingOrTornIsFound() throws IOException {
    for (String name :
        List.of("config.yaml", "run.json", "results/retrieval.json", "features.npy")) {
      Path file = run.resolve(name);
      Path away = folder.resolve("away");
      Files.move(file, away);
      assertThat(states()).as(name).containsEntry(name, State.DAMAGED);
      Files.move(away, file);
    }
    Path lines = run.resolve("metrics.jsonl");
    String whole = Files.readString(lines);
    Files.writeString(lines, whole.substring(0, whole.length() - 9));
    assertThat(Verification.of(lines)).extracting(Finding::state).containsExactly(State.DAMAGED);
    Files.writeString(lines, whole);
    assertThatThrownBy(() -> Verification.of(run.resolve("none")))
        .hasMessage("there is no file or folder " + run.resolve("none"));
  }

  @Test
  void whatIsMissingIsToldOnce() throws IOException {
    Path config = run.resolve("config.yaml");
    Path away = folder.resolve("away");
    Files.move(config, away);
    try {
      assertThat(Verification.of(run)).extracting(Finding::file).containsOnlyOnce(config);
    } finally {
      Files.move(away, config);
    }
  }

  @Test
  void aFolderOfNothingIsNotIntact() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> Verification.of(empty))
        .isInstanceOf(MmctException.class)
        .hasMessage("there is no file in the folder " + empty);
  }

  @Test
  void whatLiesBesideExportedWeightsIsComparedWithTheirMetadata() throws IOException {
    Path words = folder.resolve("caption.words.txt");
    Files.writeString(words, "red\nblue\n");
    Path weights = folder.resolve("caption.safetensors");
    new SafeTensorsWriter()
        .add("x", new long[1])
        .metadata("sha256.words.txt", Checksums.of(words))
        .write(weights);

    assertThat(Verification.of(weights)).extracting(Finding::file).containsExactly(weights, words);
    assertThat(Verification.of(words))
        .containsExactly(new Finding(words, State.INTACT, "SHA-256 in caption.safetensors"));
    Files.writeString(words, "red\nblux\n");
    assertThat(Verification.of(weights))
        .contains(
            new Finding(words, State.DAMAGED, "its SHA-256 is not that in caption.safetensors"));
  }

  @Test
  void aFileIsLookedAtWithWhatBelongsToIt() {
    assertThat(Verification.of(run.resolve("features.npy")))
        .extracting(it -> it.file().getFileName().toString())
        .containsExactly("features.npy", "features.npy.ids.csv", "features.npy.sha256");
    assertThat(Verification.of(run.resolve("features.npy.sha256")))
        .extracting(Finding::state)
        .containsExactlyInAnyOrder(State.UNPROVEN, State.INTACT, State.INTACT);
    assertThat(Set.copyOf(states().values())).doesNotContain(State.DAMAGED);
  }
}
