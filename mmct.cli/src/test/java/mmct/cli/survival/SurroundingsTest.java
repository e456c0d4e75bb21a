package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The packaged program where less is there than on a developer's machine: no locale, no home, no
/// output; and beside data that would like to talk to the terminal.
class SurroundingsTest {
  private static final Path BIN = Path.of("target", "mmct", "bin").toAbsolutePath();
  private static final String JAVA = "JAVA_HOME=" + System.getProperty("java.home");
  private static final String PATH = "PATH=/usr/local/bin:/usr/bin:/bin";

  @TempDir private Path folder;

  private Ended sh(String script, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("env", JAVA, "sh", "-c", script));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("error.txt").toFile())
            .start();
    int exitCode = process.waitFor();
    return new Ended(
        exitCode,
        Files.readString(folder.resolve("out.txt")),
        Files.readString(folder.resolve("error.txt")),
        java.time.Duration.ZERO);
  }

  @ParameterizedTest(name = "env {0}")
  @ValueSource(
      strings = {
        "-u LANG -u LC_ALL -u LC_CTYPE",
        "LC_ALL=POSIX",
        "LC_ALL=C LANG=en_US.UTF-8",
        "-u LC_ALL -u LC_CTYPE LANG=xx_XX.ISO-8859-1",
        "-i"
      })
  void withoutALocaleOfUtf8EveryNameIsAFileOfItsOwn(String environment)
      throws IOException, InterruptedException {
    Photos photos = Photos.make(folder, 3);
    Path pictures = photos.folder();
    byte[] picture =
        Files.readAllBytes(
            Files.list(pictures)
                .filter(it -> it.toString().endsWith(".jpg") || it.toString().endsWith(".png"))
                .findFirst()
                .orElseThrow());
    // Named through the shell: the file system of this process may speak no UTF-8 itself.
    Files.write(folder.resolve("one"), picture);
    sh("mkdir data && cp one data/\u00fc.jpg && cp one data/\u00f6.jpg && cp one data/\u4e2d.jpg");
    Files.writeString(
        folder.resolve("data/uni.csv"), "image\n\u00fc.jpg\n\u00f6.jpg\n\u4e2d.jpg\n");

    Ended ended =
        sh(
            "env "
                + environment
                + " "
                + JAVA
                + " "
                + PATH
                + " '"
                + BIN
                + "/mmct'"
                + " data check --data data/uni.csv --preset moco-v2");

    assertThat(ended.error()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("3");
  }

  @Test
  void neitherHomeNorPathNorAnythingElseIsNeeded() throws IOException, InterruptedException {
    Ended ended = sh("env -i " + JAVA + " '" + BIN + "/mmct' --version");

    assertThat(ended.error()).isEmpty();
    assertThat(ended.out()).startsWith("mmct ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mkdir d && ln -s "$1/mmct" d/m && d/m --version
          mkdir d e && ln -s "$1/mmct" d/m && ln -s ../d/m e/n && ln -s e/n o && ./o --version
          ln -s "$1" b && b/mmct --version
          ln -s "$1/.." p && p/bin/mmct --version
          mkdir -- -d && ln -s "$1/mmct" ./-d/-m && cd ./-d && PATH=$PWD:$PATH && -m --version
          mkdir 'a b' && ln -s "$1/mmct" 'a b/c d' && 'a b/c d' --version
          """)
  void theProgramFindsItselfThroughLinks(String script) throws IOException, InterruptedException {
    Ended ended = sh(script, "sh", BIN.toString());

    assertThat(ended.error()).isEmpty();
    assertThat(ended.out()).startsWith("mmct ");
    assertThat(ended.exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mmct", "build"})
  void theScriptsOfTheSourcesFindThemselvesThroughLinks(String script)
      throws IOException, InterruptedException {
    Path sources = Files.createDirectories(folder.resolve("checkout"));
    Files.copy(Path.of("..", script), sources.resolve(script));
    Path lib = Files.createDirectories(sources.resolve("mmct.cli/src/dist/lib"));
    Files.copy(Path.of("src/dist/lib/jdk.sh"), lib.resolve("jdk.sh"));

    // Neither is to build anything here: each runs something that says where it is.
    Ended ended =
        sh(
            """
            touch checkout/pom.xml && mkdir -p checkout/mmct.cli/src/main checkout/mmct.cli/src/assembly bin links
            touch checkout/mmct.cli/pom.xml && sleep 0.1
            mkdir -p checkout/mmct.cli/target/mmct/bin checkout/mmct.cli/target/mmct/lib/modules
            printf '#!/bin/sh\\ncd "$(dirname "$0")" && pwd\\n' >checkout/mmct.cli/target/mmct/bin/mmct
            printf '#!/bin/sh\\npwd\\n' >bin/mvn
            chmod +x bin/mvn checkout/mmct.cli/target/mmct/bin/mmct
            ln -s ../checkout/"$1" links/one && ln -s one links/two
            PATH=$PWD/bin:$PATH links/two && ls links
            """,
            "sh",
            script);

    assertThat(ended.error()).isEmpty();
    assertThat(ended.out().lines().toList())
        .first()
        .asString()
        .startsWith(sources.toRealPath().toString());
    assertThat(ended.out().lines().skip(1)).containsExactly("one", "two");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          describe >/dev/full                   | No space left on device
          reference >/dev/full                  | No space left on device
          list >/dev/full                       | No space left on device
          train --help >/dev/full               | No space left on device
          --version >/dev/full                  | No space left on device
          describe >&-                          | Bad file descriptor
          """)
  void anOutputThatCannotBeWrittenIsAFailure(String words, String reason)
      throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full");

    Ended ended = sh("'" + BIN + "/mmct' " + words);

    assertThat(ended.error())
        .isEqualTo(
            "mmct: the standard output cannot be written: %s; what was printed is incomplete\n"
                .formatted(reason));
    assertThat(ended.exitCode()).isEqualTo(1);
  }

  @Test
  void aReaderThatGoesAwayIsAFailure() throws IOException, InterruptedException {
    Ended ended = sh("{ '" + BIN + "/mmct' reference; echo $? >&2; } | true");

    assertThat(ended.error()).contains("the standard output cannot be written: Broken pipe");
    assertThat(ended.error().lines().toList()).last().isEqualTo("1");
  }

  @Test
  void aClosedErrorStreamTakesNoFileOfTheRun() throws IOException, InterruptedException {
    TinyRuns.words(folder);

    Ended ended =
        sh(
            "'"
                + BIN
                + "/mmct' train --config words.yaml --out run --set steps=1"
                + " --set bogus=1 2>&-; echo $?");

    assertThat(ended.out()).isEqualTo("1\n");
  }

  @Test
  void nothingOfTheDataActsOnTheTerminal() throws IOException, InterruptedException {
    String header = "id,image,caption,tags,label,\"we\u001b[31mird\"\n";
    String row =
        "\"x\u001b]0;PWNED\u0007\u001b[31mred\u001b[2J\",a\u001b[2J.png,\"\u009b8mhidden\u202e caption\","
            + "red;\u001b[5mblink,\"c\u001b[1Ax\",z\n";
    Files.writeString(folder.resolve("e.csv"), header + row + row, StandardCharsets.UTF_8);
    Path plugins = Files.createDirectory(folder.resolve("plu\u001b[7mgins"));
    Files.writeString(plugins.resolve("bad.jar"), "no jar");
    Files.writeString(folder.resolve("c\u001b[7m.yaml"), "extends: quickstart\nbatch\u0007: 3\n");
    Files.writeString(folder.resolve("n\nbatch: 7.yaml"), "extends: quickstart\n");
    String mmct = "'" + BIN + "/mmct'";

    for (String words :
        List.of(
            "data check --data e.csv --preset flickr8k-small",
            "embed --encoder 'a\u001b[7m.onnx' --data e.csv --out 'o\u001b[7m.npy'",
            "evaluate 'retri\u001b[7meval' --run nowhere",
            "train --config 'c\u001b[7m.yaml'",
            "describe --set 'data.path=\u009b31m\u202e'",
            "'li\u001b[7mst'",
            "list --plugins 'plu\u001b[7mgins'",
            "--debug list --plugins 'plu\u001b[7mgins'",
            "describe --config 'n\nbatch: 7.yaml'")) {
      Ended ended = sh(mmct + " " + words);

      assertThat(ended.out() + ended.error())
          .as(words)
          .isNotEmpty()
          .doesNotContainPattern(
              "[\\x00-\\x08\\x0b-\\x1f\\x7f\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");
      assertThat(ended.out()).doesNotContainPattern("(?m)^batch: 7");
    }
  }
}
