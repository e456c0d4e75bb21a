package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  private int mmct(String... arguments) {
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0), arguments);
  }

  @Test
  void helpListsTheCommands() {
    assertThat(mmct("--help")).isZero();
    assertThat(out.toString()).contains("train", "evaluate", "list", "describe", "data");
    assertThat(out.toString()).doesNotContain("reference");
    assertThat(error.toString()).isEmpty();
  }

  @Test
  void helpShowsTheWholeFirstSentenceOfEachCommand() {
    mmct("--help");
    String page = out.toString().replaceAll("\\s+", " ");

    assertThat(page)
        .contains(
            "embed Write the features of a dataset by an encoder in an ONNX file; FILE.ids.csv says"
                + " which item each row is of. compare")
        .contains("with the head of the space that it shares with others. embed")
        .contains("and how that grows with the configuration. score")
        .contains("by the rules of COCO or PASCAL VOC. list");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "train",
        "evaluate",
        "export",
        "embed",
        "compare",
        "verify",
        "bench",
        "score",
        "list",
        "describe",
        "data",
        "data check"
      })
  void noLineOfHelpEndsWithinAWord(String command) {
    assertThat(mmct((command + " --help").strip().split(" "))).isZero();
    String page = out.toString();

    // What is broken after a full stop goes on in a small letter.
    assertThat(page).doesNotContainPattern("[A-Za-z-]\\.\\n {10,}[a-z]{2,5}[ .;]");
    assertThat(page.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    List<String> lines = page.lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      String next = lines.get(i);
      String line = lines.get(i - 1);
      if (next.matches(" {12,}[A-Za-z].*") && !line.isBlank() && !line.matches(" +-\\S+|.*\\.")) {
        int word = next.strip().split(" ")[0].length();
        assertThat(line.length() + 1 + word)
            .as("a line that ends early: " + line)
            .isGreaterThan(99);
      }
    }
  }

  @Test
  void anOutputThatCannotBeWrittenIsAFailureOfItsOwn() {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Terminal terminal = new Terminal(full, new PrintWriter(error, true), 0);

    assertThat(Main.run(terminal, "list")).isEqualTo(1);
    assertThat(error.toString())
        .isEqualToIgnoringNewLines(
            "mmct: the standard output cannot be written: No space left on device; what was"
                + " printed is incomplete");
    assertThat(Main.run(terminal, "trian")).isEqualTo(2);
  }

  @ParameterizedTest(name = "mmct {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          trian                      | unknown command 'trian'; did you mean train?; there are
          data chek                  | unknown command 'chek'; did you mean check?; there are check
          train --presett x          | unknown option '--presett'; did you mean --preset?; there are
          train --preset=quikstart   | there is no preset 'quikstart'; did you mean quickstart?; there are
          train --preset a --config b| --preset and --config exclude each other
          train --set batch          | --set expects key=value but was given 'batch'
          train --set =3             | --set expects key=value but was given '=3'
          train --device tpu         | expected one of [cpu, gpu, auto] (case-sensitive) but was 'tpu'
          bench --steps 0            | --steps must be at least 1 but was 0
          bench --rounds=-1          | --rounds must be at least 1 but was -1
          train --resume             | --resume needs --out DIR
          train more                 | 'more' is one word too many
          evaluate retrieval         | missing required option: '--run=DIR'
          data                       | a command is needed: check
          trian --help               | unknown command 'trian'; did you mean train?; there are
          --help trian               | unknown command 'trian'; did you mean train?; there are
          trian -V                   | unknown command 'trian'; did you mean train?; there are
          data chek -h               | unknown command 'chek'; did you mean check?; there are check
          train --presett x --help   | unknown option '--presett'; did you mean --preset?; there are
          train more --help          | 'more' is one word too many
          ''                         | a command is needed: train, evaluate
          """)
  void wrongUsageIsOneSentenceAndExitCodeTwo(String arguments, String sentence) {
    assertThat(mmct(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(error.toString())
        .startsWith("mmct: ")
        .contains(sentence)
        .contains("--help)")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aBrokenConfigurationIsOneSentenceAndExitCodeOne() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "batch: 64\nqueu: 12\n");

    assertThat(mmct("describe", "--config", file.toString())).isEqualTo(1);
    assertThat(error.toString())
        .startsWith("mmct: queu is not a known key (" + file + ":2); did you mean queue?")
        .hasLineCount(1);
  }

  @Test
  void theStackTraceComesOnlyWithDebugWhichMayStandAnywhere() {
    assertThat(mmct("describe", "--config", "none.yaml")).isEqualTo(1);
    assertThat(error.toString())
        .isEqualToIgnoringNewLines("mmct: the configuration none.yaml does not exist");

    assertThat(mmct("--debug", "describe", "--config", "none.yaml")).isEqualTo(1);
    assertThat(error.toString()).contains("at mmct.cli");

    error.getBuffer().setLength(0);
    assertThat(mmct("describe", "--config", "none.yaml", "--debug")).isEqualTo(1);
    assertThat(error.toString()).contains("at mmct.cli");
  }

  @Test
  void aRunThatIsNotThereCannotBeResumed() {
    assertThat(mmct("train", "--resume", "--out", folder.toString())).isEqualTo(1);
    assertThat(error.toString()).contains("holds no run to resume").hasLineCount(1);
  }

  @Test
  void listShowsPresetsWithTheirSentence() {
    assertThat(mmct("list")).isZero();
    assertThat(out.toString()).contains("quickstart").contains("where to begin");
  }

  @Test
  void pluginsOfAnOptionAreListed() throws IOException {
    PluginJar.write(
        PluginJar.lossNamed("half", "test.half"),
        PluginJar.modulePath(),
        Files.createDirectory(folder.resolve("scratch")),
        folder.resolve("half.jar"));

    assertThat(mmct("list", "--plugins", folder.toString())).isZero();
    assertThat(out.toString()).contains("half").contains("Half of nothing.");
  }
}
