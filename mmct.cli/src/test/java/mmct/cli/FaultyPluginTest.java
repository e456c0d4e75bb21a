package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A plugin that breaks its contracts in every way: what it does is told in one sentence, with the
/// jar, the provider, and the sample where there is one.
class FaultyPluginTest {
  private static final Path SOURCES = Path.of("src", "test", "plugins", "faulty");
  private static final String CONFIGURATION =
      """
      data: {type: faulty, options: {fault: none}}
      modalities:
        x: {type: faulty, fault: none}
      spaces:
        s: {width: 4, hidden: 0}
      objectives:
        o:
          {loss: faulty, query: x, key: x, space: s, fault: none,
           positives: {type: faulty, fault: none}}
      queue: 8
      batch: 4
      epochs: 1
      evaluate: {everyEpochs: 1, split: val, run: {}}
      export: none
      """;

  @TempDir private static Path plugins;
  private static Path jar;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  @BeforeAll
  static void compile(@TempDir Path scratch) throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sources.put(SOURCES.relativize(file).toString(), Files.readString(file));
      }
    }
    Path classes = PluginJar.compile(sources, PluginJar.modulePath(), scratch);
    Files.delete(classes.resolve("test/faulty/Missing.class"));
    jar = plugins.resolve("faulty.jar");
    PluginJar.pack(classes, Map.of("MMCT-Api", "0.1"), scratch, jar);
  }

  private int mmct(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--plugins", plugins.toString()));
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0),
        words.toArray(String[]::new));
  }

  private int train(String... assignments) throws IOException {
    Path configuration = Files.writeString(folder.resolve("run.yaml"), CONFIGURATION);
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--config",
                configuration.toString(),
                "--device",
                "cpu",
                "--out",
                folder.resolve("run").toString()));
    for (String assignment : assignments) {
      words.addAll(List.of("--set", assignment));
    }
    return mmct(words.toArray(String[]::new));
  }

  /// Where the words of a table are too long for it.
  private static String spelledOut(String sentence) {
    return sentence
        .replace("MODALITY", "the modality 'faulty' (test.faulty.Numbers in JAR)")
        .replace("DATASET", "the dataset 'faulty' (test.faulty.Data in JAR)")
        .replace("LOSS", "the loss 'faulty' (test.faulty.Attraction in JAR)")
        .replace("RULE", "the positives rule 'faulty' (test.faulty.Rule in JAR)")
        .replace("TORN", "java.lang.IllegalStateException: the tape is torn")
        .replace(
            "MISSING",
            "java.lang.NoClassDefFoundError: test/faulty/Missing; the jar that has"
                + " this class is missing: put it beside the plugin, and say `requires` in its"
                + " module-info")
        .replace(
            "RECURSION", "StackOverflowError; a method calls itself without end, or too deeply")
        .replace(
            "CHANGED",
            "java.lang.AbstractMethodError: Receiver class has no such method; it is"
                + " compiled with another version of the toolkit or of a library: compile it against"
                + " MMCT-Api 0.1")
        .replace("JAR", jar.toString());
  }

  @Test
  void withoutAFaultItTrains() throws IOException {
    assertThat(train("evaluate.run.e.type=faulty")).as(error::toString).isZero();
    assertThat(error.toString()).isEmpty();
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          data.options.fault | open-throw    | DATASET failed in open: TORN
          data.options.fault | get-throw     | sample 'v5': DATASET failed in get: TORN
          data.options.fault | get-missing   | sample 'v5': DATASET failed in get: MISSING
          data.options.fault | get-null      | sample 'v5': DATASET returned null from get
          data.options.fault | cells-throw   | DATASET failed in tryAdvance: TORN
          modalities.x.fault | create-throw  | MODALITY failed in create: TORN
          modalities.x.fault | create-told   | the tape is torn (MODALITY)
          modalities.x.fault | backbone-error | MODALITY failed in newBackbone: java.lang.AssertionError: never here
          modalities.x.fault | draw-throw    | sample 'v5': MODALITY failed in draw: TORN
          modalities.x.fault | draw-told     | sample 'v5': the tape is torn (MODALITY)
          modalities.x.fault | draw-missing  | sample 'v5': MODALITY failed in draw: MISSING
          modalities.x.fault | draw-recursion | sample 'v5': MODALITY failed in draw: RECURSION
          modalities.x.fault | draw-changed  | sample 'v5': MODALITY failed in draw: CHANGED
          modalities.x.fault | draw-null     | sample 'v5': MODALITY returned null from draw
          modalities.x.fault | plain-throw   | sample 'v5': MODALITY failed in plain: TORN
          modalities.x.fault | forward-throw | MODALITY failed in forward: TORN
          modalities.x.fault | forward-recursion | MODALITY failed in forward: RECURSION
          modalities.x.fault | forward-missing | MODALITY failed in forward: MISSING
          modalities.x.fault | forward-none  | the modality 'x' breaks its contract: its backbone returned features [n, 4] but says that its width is 8 (MODALITY)
          modalities.x.fault | width         | the modality 'x' breaks its contract: its backbone returned features [n, 8] but says that its width is 6 (MODALITY)
          modalities.x.fault | views-short   | the modality 'x' breaks its contract: its views, collated, are [n, 2], but its backbone's inputShapes are [n, 4] (MODALITY)
          modalities.x.fault | views-axes    | the modality 'x' breaks its contract: its views, collated, are [n, 2, 2], but its backbone's inputShapes are [n, 4] (MODALITY)
          modalities.x.fault | views-two     | the modality 'x' breaks its contract: its views, collated, are [n, 4] and [n, 4], but its backbone's inputShapes are [n, 4] (MODALITY)
          objectives.o.fault | create-throw  | LOSS failed in create: TORN
          objectives.o.fault | create-null   | LOSS returned null from create
          objectives.o.fault | evaluate-throw | LOSS failed in evaluate: TORN
          objectives.o.fault | evaluate-initialiser | LOSS failed in evaluate: a static initialiser failed: java.lang.UnsupportedOperationException: no licence
          objectives.o.fault | nothing       | LOSS returned null from evaluate
          objectives.o.fault | matrix        | the loss of the objective 'o' breaks its contract: its value must be [n] or [], here [4] or [], but is [4, 4] (LOSS)
          objectives.o.fault | rows          | the loss of the objective 'o' breaks its contract: its value must be [n] or [], here [4] or [], but is [8] (LOSS)
          objectives.o.fault | integers      | the loss of the objective 'o' breaks its contract: its value must be of a floating type but is int64 (LOSS)
          objectives.o.fault | constant      | the loss of the objective 'o' breaks its contract: its value has no gradient, so nothing can be learned from it; it must be computed from the query features or from parameters, by operations of arrays (LOSS)
          objectives.o.fault | state         | the loss of the objective 'o' breaks its contract: its state 'mean' must be [4] but is [] (LOSS)
          objectives.o.fault | stranger      | the loss of the objective 'o' breaks its contract: it returned a state 'other' that it does not declare (LOSS)
          objectives.o.positives.fault | positives-throw | RULE failed in positives: TORN
          objectives.o.positives.fault | marks-throw | sample 'v5': RULE failed in marks: TORN
          """)
  void aFaultInTrainingIsOneSentence(String place, String fault, String sentence)
      throws IOException {
    assertThat(train(place + "=" + fault)).isEqualTo(1);
    assertThat(error.toString()).isEqualTo("mmct: " + spelledOut(sentence) + "\n");
    assertThat(train(place + "=" + fault, "memory=low")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"collate-throw", "views-mixed"})
  void aFaultInABatchNamesItsSamples(String fault) throws IOException {
    assertThat(train("modalities.x.fault=" + fault)).isEqualTo(1);
    assertThat(error.toString())
        .startsWith("mmct: the batch of the samples 'v")
        .contains(spelledOut("': MODALITY failed in collate: "))
        .hasLineCount(1);
  }

  @Test
  void theStackTraceIsShownWithDebug() throws IOException {
    assertThat(train("objectives.o.fault=evaluate-throw")).isEqualTo(1);
    assertThat(error.toString()).doesNotContain("Fault.java");
    assertThat(
            mmct(
                "train",
                "--debug",
                "--config",
                folder.resolve("run.yaml").toString(),
                "--set",
                "objectives.o.fault=evaluate-throw",
                "--device",
                "cpu",
                "--out",
                folder.resolve("other").toString()))
        .isEqualTo(1);
    assertThat(error.toString()).contains("test.faulty.Fault.at(Fault.java");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          evaluate-throw | failed in evaluate: java.lang.IllegalStateException: the tape is torn
          evaluate-missing | failed in evaluate: java.lang.NoClassDefFoundError: test/faulty/Missing
          nan            | the figure 'figure' must be a finite number but is NaN; what cannot be computed is left out
          """)
  void aFaultInAnEvaluationIsOneSentence(String fault, String sentence) throws IOException {
    assertThat(train("steps=1")).as(error::toString).isZero();
    assertThat(
            mmct(
                "evaluate",
                "faulty",
                "--run",
                folder.resolve("run").toString(),
                "--split",
                "val",
                "--device",
                "cpu",
                "--set",
                "fault=" + fault))
        .isEqualTo(1);
    assertThat(error.toString())
        .startsWith("mmct: ")
        .contains(sentence)
        .contains("the evaluator 'faulty' (test.faulty.Judge in %s)".formatted(jar))
        .hasLineCount(1);
  }

  @Test
  void aFaultInAnExportIsOneSentence() throws IOException {
    assertThat(train("steps=1")).as(error::toString).isZero();
    assertThat(
            mmct(
                "export",
                "--run",
                folder.resolve("run").toString(),
                "--format",
                "faulty",
                "--set",
                "fault=export-missing"))
        .isEqualTo(1);
    assertThat(error.toString())
        .isEqualTo(
            "mmct: the exporter 'faulty' (test.faulty.Writer in %s) failed in export: %s%n"
                .formatted(jar, spelledOut("MISSING")));
  }

  @Test
  void listShowsTheJarOfEachProviderAndWhatIsSetAside() throws IOException {
    Path broken = Files.writeString(plugins.resolve("broken.jar"), "no jar");
    try {
      assertThat(mmct("list")).isZero();
    } finally {
      Files.delete(broken);
    }
    assertThat(out.toString().lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("  faulty ")
                    .endsWith("Minus the cosine. [" + jar + "]"))
        .anySatisfy(line -> assertThat(line).startsWith("  info-nce ").endsWith("]"));
    assertThat(error.toString())
        .startsWith("mmct: warning: the plugin %s is set aside: ".formatted(broken))
        .hasLineCount(1);
  }
}
