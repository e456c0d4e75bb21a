package mmct.eval.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import mmct.api.spi.EvaluationContext.Features;
import mmct.eval.FeatureTable;
import mmct.eval.RetrievalOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Similarities are compared in blocks.
class BlocksTest {
  private static final Path STATUS = Path.of("/proc/self/status");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
  void theBlockSizeDoesNotChangeAFigure(int block) {
    Random random = new Random(21);
    FeatureTable table = FeatureTable.random(45, 10, random, () -> random.nextInt(5) - 2);
    assertThat(figures(table, block)).isEqualTo(figures(table, 11));
  }

  @Test
  void aMatrixOfTwoGigabytesIsNeverHeld() throws IOException {
    Assumptions.assumeTrue(Files.exists(STATUS), "resident memory is read from " + STATUS);
    int samples = 16_000;
    Random random = new Random(22);
    float[] values = new float[samples * 2];
    IntStream.range(0, values.length).forEach(i -> values[i] = (float) random.nextGaussian());
    int[] each = IntStream.range(0, samples).toArray();
    Items items = Items.group(new Features(values, 2, each), each, samples);
    Matched matched =
        new Matched(IntStream.range(0, samples).mapToObj(Integer::toString).toList(), items, items);
    try (NDManager loaded = NDManager.newBaseManager()) {
      loaded.create(1f);
      long before = peakMegabytes();

      Ranks ranks = Ranks.of(matched, 512);

      assertThat(peakMegabytes() - before).isLessThan(400);
      assertThat(ranks.queries()).isEqualTo(ranks.keys());
    }
  }

  private static long peakMegabytes() throws IOException {
    String line =
        Files.readAllLines(STATUS).stream()
            .filter(l -> l.startsWith("VmHWM"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
  }

  private static Map<String, Double> figures(FeatureTable table, int block) {
    return new Retrieval(RetrievalOptions.byDefault(), block)
        .evaluate(table)
        .orElseThrow()
        .figures();
  }
}
