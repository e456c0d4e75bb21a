package mmct.eval.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.api.config.YamlReader;
import mmct.api.spi.Catalogue;
import mmct.api.training.Progress;
import mmct.api.training.RunRequest;
import mmct.api.training.Training;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a training step makes arrays of.
class ArraysOfAStepTest {
  private static final String RUN =
      """
      modalities:
        image: {type: image, encoder: resnet18, size: 32}
        caption: {type: text, maxLength: 24, encoder: {type: transformer, width: 32, depth: 1}}
        tags: {type: tags, encoder: {width: 16, hidden: 24}}
      spaces:
        own: {width: 8, hidden: 12}
        common: {width: 12, hidden: 16}
      objectives:
        ii: {loss: info-nce, query: image, key: image, space: own, positives: {type: shared-tags, of: tags}}
        ic: {loss: margin-ranking, query: image, key: caption, space: common}
        ci: {loss: margin-ranking, query: caption, key: image, space: common}
        it: {loss: info-nce, query: image, key: tags, space: common}
      data: {type: scenes, options: {train: 96, val: 8, test: 21, size: 40}}
      queue: 32
      batch: 16
      epochs: 3
      checkpoints: {everySteps: 1000}
      logEvery: 1000
      export: none
      optimizer: {type: %s, lr: 1e-3}
      """;

  @TempDir private Path folder;

  /// Each number of Java that becomes an array goes through a direct buffer of its own, and so does
  /// each array of numbers; that is the only trace they leave. Those that remain are of arrays:
  /// which rows lack a tag, which queue rows are masked, and how often AdamW has changed each
  /// parameter.
  @ParameterizedTest
  @CsvSource({"adamw, 6", "lars, 4"})
  void noneIsMadeOfANumberOfJava(String rule, long atMost) {
    List<Long> buffers = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void step(StepRecord step) {
            buffers.add(directBuffers());
          }
        };
    RunRequest request = new RunRequest(folder.resolve("run"), false, "cpu", List.of());
    try (Training training =
        Training.prepare(
            YamlReader.read(RUN.formatted(rule), "run.yaml"),
            Catalogue.load(),
            request,
            progress)) {
      assertThat(training.run().steps()).isEqualTo(18);
    }
    List<Long> made = new ArrayList<>();
    for (int i = 1; i < buffers.size(); i++) {
      made.add(buffers.get(i) - buffers.get(i - 1));
    }
    // The collector takes some away now and then, and new memory for batches adds some.
    assertThat(made.stream().sorted().toList().get(made.size() / 2)).isBetween(1L, atMost);
  }

  /// The module of this test does not read `java.management`.
  private static long directBuffers() {
    try {
      Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
      Class<?> pool = Class.forName("java.lang.management.BufferPoolMXBean");
      List<?> pools =
          (List<?>) factory.getMethod("getPlatformMXBeans", Class.class).invoke(null, pool);
      for (Object each : pools) {
        if (pool.getMethod("getName").invoke(each).equals("direct")) {
          return (long) pool.getMethod("getCount").invoke(each);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("the Java machine does not tell of direct buffers");
  }
}
