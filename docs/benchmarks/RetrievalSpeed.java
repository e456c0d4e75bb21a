import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Evaluator;
import mmct.api.spi.TrainingIds;
import mmct.eval.RetrievalOptions;
import mmct.eval.RetrievalProvider;

/// Measures the evaluator `retrieval` from features to figures, both ways, among 5,000 images and
/// 25,000 captions, 1,024 wide. Fails beyond 10 seconds or 1 GB. See retrieval-speed.sh.
class RetrievalSpeed {
  private static final int IMAGES = 5000;
  private static final int CAPTIONS = 5;
  private static final int WIDTH = 1024;
  private static final double MOST_SECONDS = 10;
  private static final long MOST_KILOBYTES = 1_000_000;

  public static void main(String[] arguments) throws IOException {
    Evaluator retrieval = new RetrievalProvider().create(RetrievalOptions.byDefault());
    double slowest = 0;
    // How much of a caption is its image: 0 is chance, 1 would be perfect.
    for (double likeness : new double[] {0, 0.1, 0.5}) {
      EvaluationContext context = new Given(features(likeness));
      double[] seconds = new double[3];
      double recall = 0;
      for (int i = 0; i < seconds.length; i++) {
        long begin = System.nanoTime();
        Evaluation evaluation = retrieval.evaluate(context).orElseThrow();
        seconds[i] = (System.nanoTime() - begin) / 1e9;
        recall = evaluation.figures().get("caption-to-image.R@1");
      }
      Arrays.sort(seconds);
      slowest = Math.max(slowest, seconds[2]);
      System.out.printf(
          Locale.ROOT,
          "likeness %.1f: median %.2f s (%.2f to %.2f), R@1 caption to image %.2f %%%n",
          likeness,
          seconds[1],
          seconds[0],
          seconds[2],
          recall);
    }
    long kilobytes = peak();
    System.out.printf(
        Locale.ROOT,
        "slowest %.2f s, most memory %d MB, on %d cores%n",
        slowest,
        kilobytes / 1000,
        Runtime.getRuntime().availableProcessors());
    if (slowest > MOST_SECONDS || kilobytes > MOST_KILOBYTES) {
      System.err.println("retrieval-speed: more than 10 s or 1 GB");
      System.exit(1);
    }
  }

  private static Map<String, float[]> features(double likeness) {
    Random random = new Random(1);
    float[] images = new float[IMAGES * WIDTH];
    float[] captions = new float[IMAGES * CAPTIONS * WIDTH];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < captions.length; i++) {
      int image = i / WIDTH / CAPTIONS * WIDTH + i % WIDTH;
      captions[i] = (float) (likeness * images[image] + (1 - likeness) * random.nextGaussian());
    }
    unit(images);
    unit(captions);
    Map<String, float[]> features = new LinkedHashMap<>();
    features.put("image", images);
    features.put("caption", captions);
    return features;
  }

  private static void unit(float[] rows) {
    for (int from = 0; from < rows.length; from += WIDTH) {
      double squares = 0;
      for (int i = from; i < from + WIDTH; i++) {
        squares += (double) rows[i] * rows[i];
      }
      for (int i = from; i < from + WIDTH; i++) {
        rows[i] /= (float) Math.sqrt(squares);
      }
    }
  }

  /// The most memory that the process has ever held, in kilobytes of 1,000 bytes.
  private static long peak() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(it -> it.startsWith("VmHWM")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1000;
    }
  }

  /// Features that are there already.
  private record Given(Map<String, float[]> features) implements EvaluationContext {
    @Override
    public Dataset dataset() {
      return new Dataset() {
        @Override
        public int size() {
          return IMAGES;
        }

        @Override
        public Sample get(int index) {
          return new Sample(id(index), Map.of());
        }

        @Override
        public String id(int index) {
          return Integer.toString(index);
        }
      };
    }

    @Override
    public String split() {
      return "test";
    }

    @Override
    public EvaluationContext on(String split) {
      return this;
    }

    @Override
    public Map<String, Set<String>> encoders() {
      Map<String, Set<String>> encoders = new LinkedHashMap<>();
      features.keySet().forEach(name -> encoders.put(name, Set.of("common")));
      return encoders;
    }

    @Override
    public Features encode(String modality, String space) {
      float[] values = features.get(modality);
      int items = values.length / WIDTH;
      int perSample = items / IMAGES;
      return new Features(
          values, WIDTH, IntStream.range(0, items).map(i -> i / perSample).toArray());
    }

    @Override
    public TrainingIds trainingIds() {
      return new TrainingIds.Known(Set.of());
    }

    @Override
    public Catalogue catalogue() {
      return Catalogue.load();
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public void skip(String reason) {
      throw new IllegalStateException(reason);
    }
  }
}
