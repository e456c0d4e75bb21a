package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import mmct.cli.terminal.Terminal;
import mmct.eval.verify.Finding;
import mmct.eval.verify.Verification;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A run's encoders judged on other data than the run's.
class EvaluateTest {
  private static final int SIDE = 32;

  @TempDir private static Path runs;
  private static Path run;

  @TempDir private Path data;
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  @BeforeAll
  static void aRunThatKeepsItsFirstWeights() {
    run = runs.resolve("run");
    StringWriter words = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(words), new PrintWriter(words), 0);
    String[] arguments = {
      "train",
      "--out",
      run.toString(),
      "--device",
      "cpu",
      "--set",
      "steps=0",
      "--set",
      "data.options.train=64",
      "--set",
      "data.options.val=4",
      "--set",
      "data.options.test=4"
    };
    assertThat(Main.run(terminal, arguments)).as(words::toString).isZero();
  }

  @BeforeEach
  void noResults() throws IOException {
    for (Path file : results(run)) {
      Files.delete(file);
    }
  }

  private static List<Path> results(Path of) throws IOException {
    Path folder = of.resolve("results");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /// The one result whose name begins and ends so; what is between is the data's fingerprint.
  private static Path result(Path of, String name) throws IOException {
    return results(of).stream()
        .filter(file -> file.getFileName().toString().matches(name + "\\.json"))
        .findFirst()
        .orElse(Path.of("none"));
  }

  private static Path result(String name) throws IOException {
    return result(run, name);
  }

  private int evaluate(String name, String... more) {
    return evaluate(name, run, more);
  }

  private int evaluate(String name, Path of, String... more) {
    String[] arguments = new String[more.length + 6];
    String[] first = {"evaluate", name, "--run", of.toString(), "--device", "cpu"};
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0), arguments);
  }

  /// Noisy pictures of one colour, as SPLIT/CLASS/FILE.
  private void pictures(String split, String label, int count, int colour) throws IOException {
    Path folder = Files.createDirectories(data.resolve(split).resolve(label));
    Random random = new Random(colour);
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve(i + ".bmp"), picture(colour, random));
    }
  }

  /// A bitmap of Windows, 24 bits a pixel: the one format that needs no library to write.
  private static byte[] picture(int colour, Random random) {
    int bytes = 3 * SIDE * SIDE;
    ByteBuffer file = ByteBuffer.allocate(54 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(54 + bytes).putInt(0).putInt(54);
    file.putInt(40).putInt(SIDE).putInt(SIDE).putShort((short) 1).putShort((short) 24);
    file.putInt(0).putInt(bytes).putInt(0).putInt(0).putInt(0).putInt(0);
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      int noisy = colour | random.nextInt(64);
      file.put((byte) noisy).put((byte) (noisy >> 8)).put((byte) (noisy >> 16));
    }
    return file.array();
  }

  @Test
  void classesOfAFolderAreProbedOnTheSplitThatIsThere() throws IOException {
    for (String split : new String[] {"train", "val"}) {
      pictures(split, "red", 12, 0xD00000);
      pictures(split, "green", 12, 0x00D000);
    }
    assertThat(evaluate("probe", "--data", data.toString())).as(error::toString).isZero();
    assertThat(out.toString()).contains("judged is split val", "top1", "chance", "written to");
    assertThat(Files.readString(result("probe-data-[0-9a-f]{8}")))
        .contains("\"top1\" : 100.0")
        .contains("\"protocol\" : \"paper\"")
        .contains("\"split\" : \"val\"")
        .contains("\"trainingOverlap\" : 0")
        .contains("\"fingerprint\"")
        .contains("\"seed\" : 1");
    assertThat(evaluate("knn", "--data", data.toString(), "--split", "val", "--set", "k=5"))
        .isZero();
    assertThat(Files.readString(result("knn-data-[0-9a-f]{8}-k-5")))
        .contains("\"k5.top1\" : 100.0");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one class | the probe needs at least 2 classes but all 3 samples of split 'train' that have one are 'red'
          no test   | the data has neither a split 'test' nor 'val'; name one with --split: later, train
          """)
  void dataThatCannotBeJudgedAreOneSentenceAndNoFile(String which, String sentence)
      throws IOException {
    pictures("train", "red", 3, 0xD00000);
    pictures(which.equals("one class") ? "test" : "later", "red", 3, 0xD00000);
    assertThat(evaluate("probe", "--data", data.toString())).isEqualTo(1);
    assertThat(error.toString()).isEqualToIgnoringNewLines("mmct: " + sentence);
    assertThat(results(run)).isEmpty();
  }

  @Test
  void aRunWhoseDataIsGoneIsJudgedOnOtherDataAndSaysThatTheOverlapIsUnknown() throws IOException {
    Path own = data.resolve("own");
    Path moved = runs.resolve("moved");
    Path others = data.resolve("others");
    for (String split : new String[] {"train", "val"}) {
      pictures("own/" + split, "red", 6, 0xD00000);
      pictures("own/" + split, "green", 6, 0x00D000);
      pictures("others/" + split, "red", 5, 0xD00000);
      pictures("others/" + split, "blue", 5, 0x0000D0);
    }
    Path gone = runs.resolve("gone");
    String train =
        "train --preset moco-v2 --device cpu --set steps=0 --set export=none --set batch=4"
            + " --set queue=8 --set modalities.image.size=32 --set evaluate.run=null"
            + " --set modalities.image.encoder.type=resnet18 --data %s --out %s";
    assertThat(
            Main.run(
                new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0),
                train.formatted(own, gone).split(" ")))
        .as(error::toString)
        .isZero();
    Files.move(own, moved);

    assertThat(evaluate("knn", gone, "--data", others.toString())).as(error::toString).isZero();
    assertThat(Files.readString(result(gone, "knn-data-[0-9a-f]{8}")))
        .contains("\"trainingOverlapUnknown\" : \"the data that the run was trained on cannot be")
        .doesNotContain("\"trainingOverlap\"");
    assertThat(out.toString())
        .contains("it is not known how many of the samples were trained on: ")
        .contains("there is no file or folder " + own);

    // The same data in another place is known by its fingerprint.
    assertThat(evaluate("knn", gone, "--data", moved.toString())).as(error::toString).isZero();
    assertThat(Files.readString(gone.resolve("results/knn.json")))
        .contains("\"trainingOverlap\" : ")
        .doesNotContain("trainingOverlapUnknown");
  }

  @Test
  void answersToOtherQuestionsAreOtherFiles() throws IOException {
    assertThat(evaluate("retrieval")).as(error::toString).isZero();
    assertThat(evaluate("retrieval", "--split", "test")).isZero();
    assertThat(evaluate("retrieval", "--split", "val")).isZero();
    assertThat(evaluate("retrieval", "--set", "query=image", "--set", "key=caption"))
        .as(error::toString)
        .isZero();
    assertThat(evaluate("retrieval", "--set", "query=caption", "--set", "key=image")).isZero();
    assertThat(results(run).stream().map(it -> it.getFileName().toString()))
        .containsExactly(
            "SHA256SUMS",
            "retrieval-query-caption-key-image.json",
            "retrieval-query-image-key-caption.json",
            "retrieval-val.json",
            "retrieval.json");
    for (Path file : results(run).subList(1, 5)) {
      assertThat(Files.readString(file))
          .contains("\"name\" : \"" + file.getFileName().toString().replace(".json", "\""));
    }
  }

  @Test
  void aFileThatIsNamedIsWrittenAndNoOther() throws IOException {
    Path named = data.resolve("new/figures.json");
    assertThat(evaluate("retrieval", "--out", named.toString())).as(error::toString).isZero();
    assertThat(Files.readString(named)).contains("\"name\" : \"retrieval\"");
    assertThat(out.toString()).contains("written to " + named);
    assertThat(results(run)).isEmpty();

    // A file that is written over beside checksums keeps a line that is its own.
    assertThat(evaluate("retrieval")).isZero();
    Path plain = run.resolve("results/retrieval.json");
    assertThat(evaluate("retrieval", "--split", "val", "--out", plain.toString())).isZero();
    assertThat(Verification.of(plain))
        .extracting(Finding::state)
        .containsExactly(Finding.State.INTACT);
    assertThat(evaluate("retrieval", "--out", data.toString())).isEqualTo(1);
    assertThat(error.toString()).contains(data + " cannot be written: it is a folder");
  }

  @Test
  void verifyTellsEveryFileInALineAndEndsWithOneWhereOneIsDamaged() throws IOException {
    Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0);
    String[] words = {"verify", run.toString()};
    assertThat(Main.run(terminal, words)).as(error::toString).isZero();
    assertThat(out.toString())
        .contains("intact    " + run.resolve("config.yaml") + ": SHA-256 in SHA256SUMS")
        .contains("unproven  " + run.resolve("SHA256SUMS") + ": checksums, which have none")
        .containsPattern("\\d+ files: \\d+ intact, \\d+ without a checksum, 0 damaged");
    Path vocabulary = run.resolve("modalities/caption/vocabulary.txt");
    byte[] whole = Files.readAllBytes(vocabulary);
    try {
      Files.write(vocabulary, java.util.Arrays.copyOf(whole, whole.length - 1));
      assertThat(Main.run(terminal, words)).isEqualTo(1);
      assertThat(out.toString()).contains("DAMAGED   " + vocabulary);
      assertThat(error.toString()).contains("mmct: ").contains(" damaged").hasLineCount(1);
    } finally {
      Files.write(vocabulary, whole);
    }
  }

  @Test
  void optionsThatARunHasNoUseForAreRefused() {
    for (String option : List.of("--threads=2", "--workers=2", "--batch=8", "--sidecar=x.yaml")) {
      assertThat(evaluate("retrieval", option)).isEqualTo(2);
      assertThat(error.toString())
          .contains(option.replaceAll("=.*", "") + " is for encoders in files (--encoder)");
    }
  }

  @Test
  void theRunsOwnDataHasNoClasses() throws IOException {
    assertThat(evaluate("knn", "--set", "modality=image")).isEqualTo(1);
    assertThat(error.toString())
        .startsWith("mmct: the knn needs classes but no sample of split 'test' has one")
        .hasLineCount(1);
    assertThat(results(run)).isEmpty();
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    Path table = Files.writeString(data.resolve("labels.csv"), "path,split,kind\na.png,val,x\n");
    assertThat(evaluate("probe", "--data", table.toString(), "--set", "label=sort")).isEqualTo(1);
    assertThat(error.toString())
        .contains("has no column 'sort' (named for 'label'); it has path, split, kind")
        .hasLineCount(1);
  }
}
