package mmct.eval.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.spi.EvaluationContext.Features;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long retrieval takes among 5,000 images and 25,000 captions, 1,024 wide, and how much memory
/// the process has ever held. Not part of the tests; see `docs/benchmarks/retrieval-speed.sh`.
class RetrievalSpeedBenchmark {
  private static final int IMAGES = 5000;
  private static final int CAPTIONS = 5;
  private static final int WIDTH = 1024;

  /// @param likeness how much of a caption is its image: 0 is chance, 1 is perfect
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5})
  void figuresAreThereWithinSeconds(double likeness) throws IOException {
    Random random = new Random(1);
    float[] images = new float[IMAGES * WIDTH];
    float[] captions = new float[IMAGES * CAPTIONS * WIDTH];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
    }
    for (int i = 0; i < captions.length; i++) {
      int image = i / WIDTH / CAPTIONS * WIDTH + i % WIDTH;
      captions[i] =
          (float)
              (likeness * images[image]
                  + (1 - likeness) * random.nextGaussian() / Math.sqrt(WIDTH));
    }
    Matched matched = matched(images, captions);
    double[] seconds = new double[3];
    for (int i = 0; i < seconds.length; i++) {
      long begin = System.nanoTime();
      Ranks ranks = Ranks.of(matched, 1024);
      seconds[i] = (System.nanoTime() - begin) / 1e9;
      assertThat(ranks.keys()).hasSize(IMAGES * CAPTIONS);
    }
    Arrays.sort(seconds);
    System.out.printf(
        "likeness %.1f: median %.2f s of %s, peak of the process %s%n",
        likeness, seconds[seconds.length / 2], Arrays.toString(seconds), peak());
  }

  private static Matched matched(float[] images, float[] captions) {
    int[] ofImages = IntStream.range(0, IMAGES).toArray();
    int[] ofCaptions = IntStream.range(0, IMAGES * CAPTIONS).map(i -> i / CAPTIONS).toArray();
    List<String> ids = IntStream.range(0, IMAGES).mapToObj(Integer::toString).toList();
    return new Matched(
        ids,
        Items.group(new Features(images, WIDTH, ofImages), ofImages, IMAGES),
        Items.group(new Features(captions, WIDTH, ofCaptions), ofCaptions, IMAGES));
  }

  private static String peak() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines.filter(line -> line.startsWith("VmHWM")).findFirst().orElse("unknown");
    }
  }
}
