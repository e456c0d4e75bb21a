package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mmct.api.run.Json;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The packaged program itself, as a process in module mode: what holds for classes on a test's
/// path need not hold for it.
class PackagedProgramTest {
  /// What both start scripts say.
  private static final List<String> WORDS_TO_JAVA =
      List.of(
          "ORT_DISABLE_TELEMETRY=1",
          "OPT_OUT_TRACKING=true",
          "DJL_OFFLINE=true",
          "OMP_WAIT_POLICY",
          "-XX:+PerfDisableSharedMem",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ai.djl.api,ai.djl.pytorch_engine,com.microsoft.onnxruntime,com.sun.jna,mmct.api,mmct.vision",
          "-DPYTORCH_LIBRARY_PATH=",
          "-DPYTORCH_FLAVOR=cpu",
          "-Donnxruntime.native.path=",
          "-Djna.boot.library.path=",
          "-Dmmct.home=",
          "MMCT_JAVA_OPTS",
          "-m mmct.cli/mmct.cli.Main");

  @TempDir private static Path unpacked;
  private static PackagedProgram program;

  @TempDir private Path folder;

  @BeforeAll
  static void unpack() throws IOException, InterruptedException {
    program = PackagedProgram.unpack(unpacked);
  }

  @BeforeEach
  void noPluginsAreLeft() throws IOException {
    try (Stream<Path> files = Files.list(program.home().resolve("plugins"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".jar")).toList()) {
        Files.delete(file);
      }
    }
  }

  private Ended mmct(String... arguments) throws IOException, InterruptedException {
    return program.run(folder, arguments);
  }

  @Test
  void helpComesWithinASecondAndAHalf() throws IOException, InterruptedException {
    // The fastest of several: what else the machine is doing is not the program's time.
    Duration fastest = Duration.ofDays(1);
    for (int i = 0; i < 5; i++) {
      Ended ended = mmct("--help");
      assertThat(ended.exitCode()).isZero();
      assertThat(ended.out()).contains("train").contains("describe");
      assertThat(ended.error()).isEmpty();
      fastest = Collections.min(List.of(fastest, ended.duration()));
    }
    assertThat(fastest).isLessThan(Duration.ofMillis(1500));
  }

  @ParameterizedTest(name = "mmct {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian                               | 2 | did you mean train?
          train --presett quickstart          | 2 | did you mean --preset?
          train --preset quikstart            | 2 | did you mean quickstart?
          train --set batch                   | 2 | --set expects key=value but was given 'batch'
          train --set bach=3                  | 1 | bach is not a known key (--set bach=3); did you mean batch?
          train --set batch=1                 | 1 | batch must be at least 2 but was 1 (--set batch=1)
          train --set objectives.ii.loss=nce  | 1 | there is no loss 'nce'
          train --data nowhere.csv            | 1 | nowhere.csv
          train --config none.yaml            | 1 | the configuration none.yaml does not exist
          bench --sweep bach=3                | 1 | bach is not a known key (--sweep bach); did you mean batch?
          bench --out /dev/null/bench.json    | 1 | /dev/null/bench.json cannot be written: /dev/null is a file
          evaluate retrieval --run nowhere    | 1 | nowhere
          data check --data nowhere.csv       | 1 | nowhere.csv
          """)
  void aMistakeIsOneSentenceWithoutAStackTrace(String arguments, int exitCode, String sentence)
      throws IOException, InterruptedException {
    Ended ended = mmct(arguments.split(" "));

    assertThat(ended.error()).startsWith("mmct: ").contains(sentence).hasLineCount(1);
    assertThat(ended.exitCode()).isEqualTo(exitCode);
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void listShowsWhatTheModulesProvide() throws IOException, InterruptedException {
    assertThat(mmct("list").out())
        .containsSubsequence("dataset", "evaluator", "loss", "info-nce", "margin-ranking")
        .containsSubsequence("modality", "image", "tags", "text", "positives rule", "shared-tags")
        .containsSubsequence("preset", "flickr8k-small", "paper-coco", "quickstart");
  }

  static Stream<String> presets() throws IOException {
    try (Stream<Path> files = Files.list(program.home().resolve("presets"))) {
      return files
          .map(it -> it.getFileName().toString())
          .filter(it -> it.endsWith(".yaml"))
          .map(it -> it.replace(".yaml", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyPresetResolves(String preset) throws IOException, InterruptedException {
    Ended ended = mmct("describe", "--preset", preset);

    assertThat(ended.error()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("modalities:", "optimizer:", "# preset ", "# default");
  }

  @Test
  void aDescriptionIsAConfigurationThatMeansTheSame() throws IOException, InterruptedException {
    Ended first = mmct("describe", "--preset", "flickr8k-small");
    Path copy = Files.writeString(folder.resolve("copy.yaml"), first.out());

    Ended again = mmct("describe", "--config", copy.toString());

    assertThat(withoutOrigins(again.out())).isEqualTo(withoutOrigins(first.out()));
  }

  private static List<String> withoutOrigins(String description) {
    return description.lines().skip(1).map(line -> line.replaceFirst(" +# .*", "")).toList();
  }

  @Test
  void theReferenceOfTheConfigurationIsUpToDate() throws IOException, InterruptedException {
    assertThat(mmct("reference").out())
        .as("docs/configuration.md is written by ./mmct reference > docs/configuration.md")
        .isEqualTo(Files.readString(Path.of("..", "docs", "configuration.md")));
  }

  @Test
  void aBenchmarkTellsWhereAStepsTimeGoesAndWritesNothingButItsFile()
      throws IOException, InterruptedException {
    Ended ended =
        mmct(
            ("bench --steps 2 --warmup 1 --rounds 2 --sweep batch=4,8 --out figures/bench.json"
                    + " --set batch=8 --set queue=16 --set modalities.image.size=16"
                    + " --set data.options.size=16 --set data.options.train=64")
                .split(" "));

    assertThat(ended.exitCode()).as(ended.error()).isZero();
    assertThat(ended.out())
        .contains("samples/s", "backward", "decode", "cores busy", "batch 4", "bench.json");
    Path file = folder.resolve("figures/bench.json");
    Map<String, Object> written = Json.read(Files.readAllBytes(file));
    assertThat(written).containsKeys("machine", "versions", "precision", "date", "configuration");
    assertThat((List<?>) written.get("points"))
        .hasSize(3)
        .allSatisfy(
            point -> {
              Map<?, ?> shares = (Map<?, ?>) ((Map<?, ?>) point).get("shares");
              assertThat(
                      shares.values().stream().mapToDouble(it -> ((Number) it).doubleValue()).sum())
                  .isCloseTo(1, within(1e-6));
            });
    assertThat(files(folder)).containsOnly("figures/bench.json", "out.txt", "error.txt");
  }

  @Test
  void aJarInPluginsIsFoundWithoutAnyOption() throws IOException, InterruptedException {
    PluginJar.write(
        PluginJar.lossNamed("half", "test.half"),
        program.home().resolve("lib/modules").toString(),
        Files.createDirectory(folder.resolve("scratch")),
        program.home().resolve("plugins/half.jar"));

    assertThat(mmct("list").out()).contains("Half of nothing.");
    assertThat(
            mmct(
                    "describe",
                    "--preset",
                    "moco",
                    "--set",
                    "objectives.half={loss: half, query: image, key: image,"
                        + " space: image-self, share: 0.25}")
                .out())
        .contains("share: 0.25");
  }

  @Test
  void aBrokenJarInPluginsIsNamedAndBreaksNothing() throws IOException, InterruptedException {
    Path broken = program.home().resolve("plugins/broken.jar");
    Files.writeString(broken, "not a zip");

    Ended ended = mmct("list");
    Files.delete(broken);

    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("info-nce", "[mmct.losses-");
    assertThat(ended.error())
        .startsWith("mmct: warning: the plugin " + broken + " is set aside: ")
        .hasLineCount(1);
  }

  @Test
  void theProgramMayBeStartedThroughALink() throws IOException, InterruptedException {
    Path bin = Files.createDirectory(folder.resolve("bin with space"));
    Path one = Files.createSymbolicLink(bin.resolve("one"), program.home().resolve("bin/mmct"));
    Path two = Files.createSymbolicLink(bin.resolve("two"), Path.of("one"));

    Ended ended = program.run(two, folder, "--version");

    assertThat(ended.error()).isEmpty();
    assertThat(ended.out()).startsWith("mmct " + System.getProperty("mmct.version"));
    assertThat(one).isSymbolicLink();
  }

  @Test
  void bothArchivesHoldTheSameAndTheScriptIsExecutable() throws IOException {
    Map<String, Boolean> posix = Map.of("enablePosixFileAttributes", true);
    try (FileSystem zip = FileSystems.newFileSystem(PackagedProgram.archive("zip"), posix)) {
      Path root = zip.getPath("/", PackagedProgram.name());

      assertThat(Files.getPosixFilePermissions(root.resolve("bin/mmct")))
          .contains(PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);
      assertThat(files(root)).isEqualTo(files(program.home())).contains("LICENSE", "README.md");
    }
  }

  private static Set<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      Set<String> names = new HashSet<>();
      files.filter(Files::isRegularFile).forEach(it -> names.add(root.relativize(it).toString()));
      return names;
    }
  }

  @Test
  void everyLibraryIsThereOnceAndTheNativeOnesAreUnpacked() throws IOException {
    Set<String> modules = files(program.home().resolve("lib/modules"));
    Path natives = program.home().resolve("lib/native");

    assertThat(modules.stream().map(it -> it.replaceFirst("-\\d.*", "")))
        .doesNotHaveDuplicates()
        .contains("mmct.cli", "mmct.api", "mmct.vision", "mmct.text", "mmct.losses", "mmct.eval")
        .doesNotContain("pytorch-native-cpu");
    for (String library :
        List.of(
            "pytorch/torch", "pytorch/djl_torch", "onnxruntime/onnxruntime", "jna/jnidispatch")) {
      Path path = natives.resolve(library);
      assertThat(path.resolveSibling(System.mapLibraryName(path.getFileName().toString())))
          .isRegularFile();
    }
  }

  @Test
  void aPackageForAnotherSystemSaysSo() throws IOException, InterruptedException {
    Path torch = program.home().resolve("lib/native/pytorch");
    Path away = Files.move(torch, program.home().resolve("lib/native/away"));
    try {
      Ended ended = mmct("list");

      assertThat(ended.exitCode()).isEqualTo(1);
      assertThat(ended.error())
          .contains("holds no native libraries for this system")
          .hasLineCount(1);
    } finally {
      Files.move(away, torch);
    }
  }

  @Test
  void windowsHasAScriptOfItsOwnThatSaysTheSameToJava() throws IOException {
    String shell = Files.readString(program.home().resolve("bin/mmct"));
    String batch = Files.readString(program.home().resolve("bin/mmct.bat"));

    assertThat(batch.lines()).hasSizeGreaterThan(30);
    assertThat(batch.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
    for (String word : WORDS_TO_JAVA) {
      assertThat(shell).contains(word);
      assertThat(batch).contains(word);
    }
  }
}
