package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the program sends, and what it writes beyond what it was asked for: nothing. Each command
/// runs in a network of its own whose only host answers every name, with a home and temporary
/// folders of its own.
class NothingLeavesTest {
  private static final Path PROGRAM = Path.of("target", "mmct").toAbsolutePath();

  /// Where ONNX Runtime takes the machine for one of a continuous integration, it sends nothing.
  private static final List<String> SILENCING =
      List.of(
          "CI",
          "GITHUB_ACTIONS",
          "GITLAB_CI",
          "CIRCLECI",
          "TF_BUILD",
          "TRAVIS",
          "JENKINS_URL",
          "ORT_DISABLE_TELEMETRY",
          "OPT_OUT_TRACKING",
          "DJL_OFFLINE",
          "XDG_CACHE_HOME",
          "MMCT_CACHE",
          "MMCT_PLUGINS",
          "TMPDIR");

  /// Arguments: the folder of the classes of the sink, the script to run.
  private static final String ALONE =
      """
      set -eu
      ip link set lo up
      ip route add local default dev lo
      mount -t tmpfs tmpfs /tmp
      mount -t tmpfs tmpfs /var/tmp
      "$JAVA_HOME/bin/java" -XX:-UsePerfData -cp "$1" mmct.cli.survival.NameSink >sink.log 2>&1 &
      sink=$!
      until grep -q ready sink.log; do sleep 0.1; done
      sh "$2" >said.txt 2>&1 || { echo "ended with $?" >>said.txt; }
      find /tmp /var/tmp "$HOME" -mindepth 1 -type f >left.txt
      awk '$1 == "Tcp:" && n++ == 0 { for (i = 1; i <= NF; i++) if ($i == "ActiveOpens") c = i }
           $1 == "Tcp:" && n == 2 { print "connections", $c; n++ }
           $1 == "Udp:" && m++ == 0 { for (i = 1; i <= NF; i++) if ($i == "OutDatagrams") d = i }
           $1 == "Udp:" && m == 2 { print "datagrams", $d; m++ }' /proc/net/snmp >sent.txt
      kill $sink
      """;

  private Path folder;
  private Path home;

  @BeforeAll
  static void namespacesCanBeMade() throws InterruptedException {
    Assumptions.assumeTrue(
        succeeds("unshare", "-n", "-m", "sh", "-c", "ip link set lo up && mount -t tmpfs t /tmp"),
        "networks of their own can only be made by root on Linux, with the programs unshare and ip");
  }

  @BeforeEach
  void folders() throws IOException {
    // Not below /tmp, in whose place the program finds an empty one.
    folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "alone");
    home = Files.createDirectory(folder.resolve("home"));
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Runs a script, and tells what was sent.
  private String alone(String script) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("alone.sh"), ALONE);
    Files.writeString(folder.resolve("script.sh"), "set -eux\n" + script);
    String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
    ProcessBuilder builder =
        new ProcessBuilder("unshare", "-n", "-m", "sh", "alone.sh", classes, "script.sh")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("alone.txt").toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeAll(SILENCING);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("HOME", home.toString());
    variables.put("MMCT", PROGRAM.resolve("bin/mmct").toString());
    variables.put("MMCT_JAVA_OPTS", "-Duser.home=" + home);
    Process process = builder.start();
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(read("alone.txt")).isZero();
    return read("sent.txt").strip().replace("\n", ", ");
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }

  @Test
  void whatIsSentWouldBeSeen() throws IOException, InterruptedException {
    String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
    String sent =
        alone("\"$JAVA_HOME/bin/java\" -cp '" + classes + "' mmct.cli.survival.NameSink send");

    assertThat(NameSink.sent(read("sink.log")))
        .contains("name telemetry.example.", "connection 443");
    assertThat(sent).doesNotContain("connections 0").doesNotContain("datagrams 0");
  }

  @Test
  void trainingEmbeddingAndEvaluatingSendNothingAndLeaveOnlyWhatTheyWereAskedFor()
      throws IOException, InterruptedException {
    TinyRuns.words(folder);
    Files.writeString(
        folder.resolve("c.csv"), "id,caption,tags\na,a red dog,dog\nb,a blue cat,cat\n");

    String sent =
        alone(
            """
            "$MMCT" train --config words.yaml --out run --set steps=2 --set export=onnx --device cpu
            "$MMCT" embed --encoder run/encoders/caption.onnx --data c.csv --out f.npy
            "$MMCT" evaluate retrieval --run run
            """);

    assertThat(read("said.txt"))
        .contains("2 rows written", "written to")
        .doesNotContain("ended with");
    assertThat(NameSink.sent(read("sink.log"))).isEmpty();
    assertThat(sent).isEqualTo("connections 0, datagrams 0");
    assertThat(read("left.txt")).isEmpty();
  }

  @Test
  void aProgramWithoutTheStartScriptSendsNothingAndKeepsNativeLibrariesInOnePlace()
      throws IOException, InterruptedException {
    TinyRuns.words(folder);
    Files.writeString(
        folder.resolve("Serve.java"),
        """
        import java.nio.file.Path;
        import java.util.List;

        class Serve {
          public static void main(String[] words) throws Exception {
            System.out.println(ai.djl.engine.Engine.getInstance().getEngineName());
            try (var encoder =
                mmct.eval.encode.OnnxEncoder.open(
                    Path.of("run/encoders/caption.onnx"),
                    mmct.eval.encode.EncodingOptions.byDefault(),
                    mmct.api.spi.Catalogue.load())) {
              var cell = mmct.api.data.Cell.Strings.of("a red dog");
              System.out.println(encoder.encode(List.of(cell)).getFirst().length + " wide");
              Thread.sleep(5000); // a report is sent some time after the event
            }
          }
        }
        """);

    String sent =
        alone(
            """
            "$MMCT" train --config words.yaml --out run --set steps=2 --set export=onnx --device cpu
            program=${MMCT%/bin/mmct}
            "$JAVA_HOME/bin/java" -XX:-UsePerfData -Duser.home="$HOME" \\
              --enable-native-access=ALL-UNNAMED,ai.djl.api,ai.djl.pytorch_engine,com.sun.jna,com.microsoft.onnxruntime,mmct.api \\
              --sun-misc-unsafe-memory-access=allow -DPYTORCH_LIBRARY_PATH="$program/lib/native/pytorch" \\
              -p "$program/lib/modules" --add-modules mmct.eval,mmct.text,ai.djl.pytorch_engine Serve.java
            """);

    assertThat(read("said.txt")).contains("PyTorch", "16 wide").doesNotContain("ended with");
    assertThat(NameSink.sent(read("sink.log"))).isEmpty();
    assertThat(sent).isEqualTo("connections 0, datagrams 0");
    assertThat(read("left.txt").lines())
        .allSatisfy(file -> assertThat(file).startsWith(home.resolve(".cache/mmct").toString()));
  }
}
