package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run with plugins whose last acts fail: what the program says and with what it ends.
class RunRecordsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JUDGE =
      """
      package test.judge;
      import java.util.*;
      import mmct.api.spi.*;
      public final class Judge implements EvaluatorProvider<Judge.Options> {
        public record Options() {}
        public String name() { return "judge"; }
        public Class<Options> options() { return Options.class; }
        public String description() { return "Fails."; }
        public Evaluator create(Options options) {
          return context -> { throw new NoClassDefFoundError("org/example/Missing"); };
        }
      }
      """;
  private static final String SHIP =
      """
      package test.judge;
      import java.util.*;
      import mmct.api.spi.*;
      public final class Ship implements ExporterProvider<Judge.Options> {
        public String name() { return "ship"; }
        public Class<Judge.Options> options() { return Judge.Options.class; }
        public String description() { return "Fails."; }
        public Exporter create(Judge.Options options, Catalogue catalogue) {
          return (encoder, folder) -> { throw new IllegalStateException("no harbour"); };
        }
      }
      """;

  @TempDir private Path folder;
  private Path jar;
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  @BeforeEach
  void prepare() throws IOException {
    jar = Files.createDirectory(folder.resolve("plugins")).resolve("judge.jar");
    PluginJar.write(
        Map.of(
            "module-info.java",
            "module test.judge { requires mmct.api; exports test.judge;"
                + " provides mmct.api.spi.EvaluatorProvider with test.judge.Judge;"
                + " provides mmct.api.spi.ExporterProvider with test.judge.Ship; }",
            "test/judge/Judge.java",
            JUDGE,
            "test/judge/Ship.java",
            SHIP),
        PluginJar.modulePath(),
        Files.createDirectory(folder.resolve("scratch")),
        jar);
    StringBuilder rows = new StringBuilder("caption,tags,note,split\n");
    for (int i = 0; i < 20; i++) {
      rows.append(
          "a red ball number %d,red;ball,%d,%s\n".formatted(i % 5, i, i < 16 ? "train" : "val"));
    }
    Files.writeString(folder.resolve("data.csv"), rows);
    Files.writeString(
        folder.resolve("words.yaml"),
        """
        data: {path: data.csv}
        modalities:
          caption: {type: text, encoder: {type: transformer, depth: 1, width: 16, heads: 2}}
          tags: {type: tags, encoder: {width: 16, hidden: 16}}
        spaces: {common: {width: 8, hidden: 8}}
        objectives: {ct: {loss: info-nce, query: caption, key: tags, space: common}}
        queue: 16
        batch: 8
        epochs: 2
        evaluate: {run: {mine: {type: judge}}}
        export: ship
        """);
  }

  private int mmct(String words, String... more) {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
    arguments.addAll(List.of(more));
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0),
        arguments.toArray(String[]::new));
  }

  private List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("run").resolve(name))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void theEndSaysWhatCouldNotBeDoneAndTheStartWithWhatItWasDone()
      throws IOException, NoSuchAlgorithmException {
    String run = folder.resolve("run").toString();
    String plugins = folder.resolve("plugins").toString();
    String config = folder.resolve("words.yaml").toString();
    int code = mmct("train --device cpu --config", config, "--plugins", plugins, "--out", run);

    assertThat(code).as(error::toString).isEqualTo(1);
    assertThat(error.toString().lines().toList().getLast())
        .startsWith("mmct: the run is trained and its checkpoints are whole, but")
        .contains("the evaluation 'mine' failed", "NoClassDefFoundError", "no harbour")
        .endsWith("(mmct train --resume --out %s tries again)".formatted(run));
    assertThat(out.toString()).contains("failed after 4 steps");
    JsonNode failed =
        lines("metrics.jsonl").stream()
            .filter(line -> line.has("failed"))
            .findFirst()
            .orElseThrow();
    assertThat(failed.get("evaluation").textValue()).isEqualTo("mine");
    assertThat(failed.get("provider").textValue()).isEqualTo("judge");
    assertThat(failed.get("class").textValue()).startsWith("test.judge.Judge");
    assertThat(failed.get("file").textValue()).isEqualTo(jar.toString());
    JsonNode plugin = lines("starts.jsonl").getFirst().at("/plugins/0");
    assertThat(plugin.get("module").textValue()).isEqualTo("test.judge");
    assertThat(plugin.get("file").textValue()).isEqualTo(jar.toString());
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
    assertThat(plugin.get("sha256").textValue()).isEqualTo(HexFormat.of().formatHex(hash));

    int again =
        mmct(
            "train --device cpu --resume --set evaluate.run=null --set export=none --plugins",
            plugins,
            "--out",
            run);
    assertThat(again).as(error::toString).isZero();
    assertThat(JSON.readTree(folder.resolve("run/run.json").toFile()).get("status").textValue())
        .isEqualTo("finished");
    assertThat(lines("starts.jsonl")).hasSize(2);
  }

  @Test
  void aCheckOfTheDataCountsRowsAndNamesWhatNothingReads() {
    String config = folder.resolve("words.yaml").toString();
    int code =
        mmct("data check --config", config, "--plugins", folder.resolve("plugins").toString());
    assertThat(code).as(error::toString).isZero();
    assertThat(out.toString())
        .contains("  objective ct: 16 rows", "  objective ct: 4 rows", "read by nothing: note");
  }
}
