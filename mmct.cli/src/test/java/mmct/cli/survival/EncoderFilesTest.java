package mmct.cli.survival;

import static mmct.cli.survival.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From a run to files, and from files to features and figures, with the packaged program; what is
/// wrong is one sentence and leaves nothing, and what is killed goes on to the same bytes.
class EncoderFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path folder;
  private static Program program;

  @BeforeAll
  static void train() throws IOException, InterruptedException {
    program = Program.in(folder);
    TinyRuns.pictures(folder);
    Photos photos = Photos.make(folder, 40);
    Ended ended =
        program.run(
            "train",
            "--config",
            "pictures.yaml",
            "--out",
            "run",
            "--device",
            "cpu",
            "--set",
            "steps=3");
    assertThat(ended.error()).isEmpty();
    assertThat(ended.out()).contains("exported   image, space common, 16 wide: run");
    assertThat(ended.exitCode()).isZero();
    pretend(photos);
  }

  /// Files that are wrong, each in its own way.
  private static void pretend(Photos photos) throws IOException {
    byte[] whole = Files.readAllBytes(file("image.onnx"));
    Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length / 2));
    // Whoever changes a file takes its checksum away.
    byte[] unsealed = renamed(renamed(whole, "sealed", "s_aled"), "sha256", "s_a_56");
    Files.write(folder.resolve("no-width.onnx"), renamed(unsealed, "width", "wodth"));
    List<String> rows = photos.rows();
    Files.createDirectories(folder.resolve("pictures"));
    Files.write(
        folder.resolve("pictures.csv"),
        rows.stream().map(row -> row.split(",")[0] + ",photos/" + row.split(",")[1]).toList());
    Files.writeString(
        folder.resolve("pictures.csv"),
        Files.readString(folder.resolve("pictures.csv")).replace("photos/image", "image"));
  }

  /// The same file with the last place of a word changed to another of the same length.
  private static byte[] renamed(byte[] content, String word, String other) {
    String text = new String(content, StandardCharsets.ISO_8859_1);
    int at = text.lastIndexOf("\n" + (char) word.length() + word);
    return (text.substring(0, at + 2) + other + text.substring(at + 2 + word.length()))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Path file(String name) {
    return folder.resolve("run").resolve("encoders").resolve(name);
  }

  private static List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(it -> folder.relativize(it).toString())
          .filter(name -> !name.startsWith("out-"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aRunEndsWithAFileForEachEncoder() {
    assertThat(file("image.onnx")).exists();
    assertThat(file("caption.onnx")).exists();
  }

  @ParameterizedTest(name = "mmct {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          embed --data photos/manifest.csv --out f.npy --encoder cut.onnx | cut.onnx is no ONNX file, or only a part of one
          embed --data photos/manifest.csv --out f.npy --encoder pictures.csv | pictures.csv is no ONNX file, or only a part of one
          embed --data photos/manifest.csv --out f.npy --encoder none.onnx | there is no encoder's file none.onnx
          embed --data photos/manifest.csv --out f.npy --encoder no-width.onnx | width is required but missing
          embed --data pictures.csv --out f.npy --encoder run/encoders/caption.onnx | pictures.csv has no column for any of caption
          embed --data photos/manifest.csv --out f.npy --encoder run/encoders/image.onnx --split tset | has no split 'tset'
          embed --data nowhere --out f.npy --encoder run/encoders/image.onnx | there is no file or folder nowhere
          embed --data photos/manifest.csv --out f.npy --encoder run/encoders/image.onnx --device gpu | cannot use a graphics card
          embed --data photos/manifest.csv --out photos/manifest.csv --encoder run/encoders/image.onnx | photos/manifest.csv is there already
          export --run run --out exported --space comon | projects into a space 'comon'; did you mean common?
          export --run run --out exported --modality picture | the run has no such encoder of 'picture'
          export --run run --out exported --checkpoint 77 | has no checkpoint of step 77
          export --run run --out exported --format onyx | there is no exporter 'onyx'; did you mean onnx?
          export --run run --out exported --set weight=float16 | weight is not a known key
          export --run nowhere | nowhere holds no run
          evaluate retrieval --encoder run/encoders/image.onnx --data photos/manifest.csv --split val | needs two modalities that share a space
          evaluate retrieval --encoder cut.onnx --data photos/manifest.csv --split val | cut.onnx is no ONNX file
          """)
  void whatIsWrongIsOneSentenceAndLeavesNothing(String words, String sentence)
      throws IOException, InterruptedException {
    List<String> before = files();

    Ended ended = program.run(words.split(" +"));

    if (!words.startsWith("evaluate")) {
      assertRefused(ended, 1, sentence);
    }
    assertThat(ended.error()).contains(sentence);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void filesAreJudgedAsTheRunIs() throws IOException, InterruptedException {
    Ended byRun =
        program.run(
            "evaluate",
            "retrieval",
            "--run",
            "run",
            "--split",
            "val",
            "--device",
            "cpu",
            "--data",
            "photos/manifest.csv");
    assertThat(byRun.error()).isEmpty();
    Ended byFiles =
        program.run(
            "evaluate",
            "retrieval",
            "--split",
            "val",
            "--data",
            "photos/manifest.csv",
            "--encoder",
            file("image.onnx").toString(),
            "--encoder",
            file("caption.onnx").toString(),
            "--out",
            "figures.json");
    assertThat(byFiles.error()).isEmpty();

    JsonNode figures = JSON.readTree(folder.resolve("figures.json").toFile()).path("figures");
    assertThat(figures.size()).isPositive();
    assertThat(figures)
        .isEqualTo(
            JSON.readTree(folder.resolve("run/results/retrieval.json").toFile()).path("figures"));
  }

  @Test
  void anEmbeddingThatWasKilledGoesOnToTheSameBytes() throws IOException, InterruptedException {
    List<String> rows = new ArrayList<>(List.of("id,image"));
    for (int i = 0; i < 12_000; i++) {
      rows.add("r%d,photos/%d.png".formatted(i, i % 50));
    }
    Files.write(folder.resolve("many.csv"), rows);
    String[] whole = embed("whole.npy");
    assertThat(program.run(whole).exitCode()).isZero();

    Path progress = folder.resolve("killed.npy.progress");
    Ended killed = program.start(embed("killed.npy")).until(() -> Files.exists(progress)).kill();
    assertThat(killed.exitCode()).isNotZero();
    assertThat(folder.resolve("killed.npy")).doesNotExist();
    Ended gone = program.run(embed("killed.npy"));

    assertThat(gone.out()).contains("done before");
    assertThat(gone.exitCode()).isZero();
    for (String name : List.of("npy", "npy.ids.csv")) {
      assertThat(folder.resolve("killed." + name))
          .hasSameBinaryContentAs(folder.resolve("whole." + name));
    }
    assertThat(progress).doesNotExist();
    assertThat(folder.resolve("killed.npy.part")).doesNotExist();
  }

  private static String[] embed(String out) {
    return new String[] {
      "embed",
      "--encoder",
      file("image.onnx").toString(),
      "--data",
      "many.csv",
      "--out",
      out,
      "--threads",
      "1",
      "--batch",
      "2"
    };
  }
}
