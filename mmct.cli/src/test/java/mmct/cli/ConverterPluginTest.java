package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A jar in the plugin folder that converts an operator in its own way.
class ConverterPluginTest {
  private static final String CONVERTERS =
      """
      package test.operators;
      import java.util.List;
      import java.util.Map;
      import mmct.eval.onnx.spi.*;
      public final class Leaky implements OperatorConverters {
        public Map<String, OperatorConverter> converters() {
          return Map.of(
              "relu",
              (call, graph) ->
                  List.of(
                      graph.node("LeakyRelu").in(call.receiver()).with("alpha", SLOPEf)
                          .out(call.type())));
        }
      }
      """;

  @TempDir private static Path runs;
  private static Path run;

  @TempDir private Path plugins;
  @TempDir private Path scratch;
  private final StringWriter error = new StringWriter();

  @BeforeAll
  static void aRunWithPictures() {
    run = runs.resolve("run");
    StringWriter words = new StringWriter();
    assertThat(
            Main.run(
                new Terminal(new PrintWriter(words), new PrintWriter(words), 0),
                ("train --device cpu --set steps=0 --set export=none --set data.options.train=64"
                        + " --set data.options.val=4 --set data.options.test=4"
                        + " --set modalities.image.size=32 --out "
                        + run)
                    .split(" ")))
        .as(words::toString)
        .isZero();
  }

  private void plugin(String slope) throws IOException {
    PluginJar.write(
        Map.of(
            "module-info.java",
            "module test.operators { requires mmct.eval;"
                + " provides mmct.eval.onnx.spi.OperatorConverters with test.operators.Leaky; }",
            "test/operators/Leaky.java",
            CONVERTERS.replace("SLOPE", slope)),
        PluginJar.modulePath(),
        Files.createTempDirectory(scratch, "plugin"),
        plugins.resolve("operators.jar"));
  }

  private int export(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("export", "--run", run.toString(), "--modality", "image", "--out"));
    arguments.add(scratch.resolve("out").toString());
    arguments.addAll(List.of(more));
    return Main.run(
        new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(error, true), 0),
        arguments.toArray(String[]::new));
  }

  private String exported() throws IOException {
    return Files.readString(
        scratch.resolve("out" + File.separator + "image.onnx"), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aJarsConverterTakesThePlaceOfTheToolkits() throws IOException {
    assertThat(export()).as(error::toString).isZero();
    assertThat(exported()).contains("Relu").doesNotContain("LeakyRelu");

    plugin("0");
    assertThat(export("--plugins", plugins.toString())).as(error::toString).isZero();
    assertThat(exported()).contains("LeakyRelu");
  }

  @Test
  void aJarsConverterThatIsWrongIsRefusedAndNothingIsWritten() throws IOException {
    plugin("0.5");
    assertThat(export("--plugins", plugins.toString())).isEqualTo(1);
    assertThat(error.toString()).hasLineCount(1).startsWith("mmct: ");
    assertThat(scratch.resolve("out")).isEmptyDirectory();
  }
}
