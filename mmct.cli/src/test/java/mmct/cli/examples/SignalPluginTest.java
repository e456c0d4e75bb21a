package mmct.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.cli.PackagedProgram;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example plugin in the packaged program: a modality and a loss that no line of the program
/// knows, trained together with its own.
class SignalPluginTest {
  private static final Path EXAMPLE =
      Path.of("..", "docs", "examples", "signal-modality").toAbsolutePath().normalize();
  private static final String CONFIGURATION = EXAMPLE.resolve("run.yaml").toString();
  private static final List<String> SMALL =
      List.of(
          "--device", "cpu",
          "--set", "steps=4",
          "--set", "batch=24",
          "--set", "logEvery=1",
          "--set", "queue=48",
          "--set", "modalities.image.size=32",
          "--set", "modalities.caption.encoder.width=32",
          "--set", "schedule.warmupSteps=0");

  @TempDir private static Path unpacked;
  @TempDir private static Path data;
  @TempDir private static Path plugins;
  private static PackagedProgram program;

  @TempDir private Path folder;

  @BeforeAll
  static void prepare() throws IOException, InterruptedException {
    program = PackagedProgram.unpack(unpacked);
    Path jar = jar();
    Files.copy(jar, plugins.resolve(jar.getFileName()));
    Process generator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                EXAMPLE.resolve("MakeData.java").toString(),
                data.toString(),
                "150")
            .inheritIO()
            .start();
    assertThat(generator.waitFor()).isZero();
  }

  private static Path jar() throws IOException {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(EXAMPLE.resolve("target"), "signal-modality-*.jar")) {
      List<Path> found = new ArrayList<>();
      jars.forEach(found::add);
      assertThat(found).as("the build packs the example before the program is tested").hasSize(1);
      return found.getFirst();
    }
  }

  private Ended mmct(List<String> arguments) throws IOException, InterruptedException {
    return program.run(folder, arguments.toArray(String[]::new));
  }

  private List<String> training(Path run) {
    List<String> arguments = new ArrayList<>(List.of("train", "--config", CONFIGURATION));
    arguments.addAll(List.of("--data", data.resolve("manifest.csv").toString()));
    arguments.addAll(List.of("--out", run.toString()));
    arguments.addAll(SMALL);
    return arguments;
  }

  @Test
  void listShowsTheModalityAndTheLossOfTheJar() throws IOException, InterruptedException {
    assertThat(mmct(List.of("list", "--plugins", plugins.toString())).out())
        .containsSubsequence("loss", "info-nce", "pairwise-sigmoid", "Each candidate by itself")
        .containsSubsequence("modality", "image", "signal", "Series of numbers", "text");
    assertThat(mmct(List.of("list")).out()).doesNotContain("signal", "pairwise-sigmoid");
  }

  @Test
  void threeModalitiesTrainTogetherThoughSamplesLackSome()
      throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    List<String> arguments = training(run);
    arguments.addAll(List.of("--plugins", plugins.toString()));

    Ended ended = mmct(arguments);

    assertThat(ended.error()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    List<JsonNode> lines = metrics(run);
    List<JsonNode> steps = lines.stream().filter(line -> line.has("terms")).toList();
    assertThat(steps).hasSize(4);
    assertThat(numbers(steps.getLast().path("terms")))
        .containsOnlyKeys("ii", "cc", "ic", "ci", "ss", "is", "si")
        .allSatisfy((term, value) -> assertThat(value).isFinite().isPositive());
    assertThat(numbers(steps.getLast().path("lr")))
        .containsOnlyKeys("image", "caption", "signal", "objective is", "objective si");
    // Of 24 rows a step, 48 of a queue: only the rows that have a series have entered.
    assertThat(numbers(steps.getFirst().path("queue_fill")).get("signal/common"))
        .isBetween(0.1, 0.45);
    assertThat(figures("retrieval", lines))
        .containsKeys("image-to-signal.R@10", "signal-to-image.R@10");
    assertThat(figures("health", lines)).containsKeys("image-signal.common.alignment");
    assertThat(samplesLackingSome()).isGreaterThan(50);
    theEncoderOfTheJarHasLeftAsAFile(run);
  }

  private void theEncoderOfTheJarHasLeftAsAFile(Path run) throws IOException, InterruptedException {
    Path features = folder.resolve("signal.csv");
    Ended embedded =
        mmct(
            List.of(
                "embed",
                "--encoder",
                run.resolve("encoders").resolve("signal.onnx").toString(),
                "--data",
                data.resolve("manifest.csv").toString(),
                "--out",
                features.toString(),
                "--plugins",
                plugins.toString()));

    assertThat(embedded.error()).isEmpty();
    assertThat(Files.readAllLines(features)).hasSizeBetween(50, 151);
  }

  /// The figures of the latest evaluation of a name.
  private static Map<String, Double> figures(String evaluation, List<JsonNode> lines) {
    return numbers(
        lines.stream()
            .filter(line -> evaluation.equals(line.path("evaluation").textValue()))
            .reduce((_, later) -> later)
            .orElseThrow()
            .path("figures"));
  }

  private static Map<String, Double> numbers(JsonNode object) {
    Map<String, Double> numbers = new TreeMap<>();
    object.properties().forEach(it -> numbers.put(it.getKey(), it.getValue().doubleValue()));
    return numbers;
  }

  private static List<JsonNode> metrics(Path run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private static long samplesLackingSome() throws IOException {
    return Files.readAllLines(data.resolve("manifest.csv")).stream()
        .filter(line -> line.contains(",,"))
        .count();
  }

  @Test
  void withoutTheJarTheConfigurationIsRefusedWithWhatThereIs()
      throws IOException, InterruptedException {
    Ended ended = mmct(training(folder.resolve("run")));

    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.error())
        .hasLineCount(1)
        .startsWith("mmct: modalities.signal.type: there is no modality 'signal'")
        .contains("available: image, tags, text (a jar in plugins/ can add one)")
        .contains("run.yaml:");
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
