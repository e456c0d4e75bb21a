import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import mmct.api.engine.Attention;
import mmct.api.engine.Devices;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.text.encoder.BertEncoder;
import mmct.text.encoder.TransformerEncoder;

/// Measures attention by one operation beside that by single ones. See attention-speed.sh.
class AttentionSpeed {
  private static final int VOCABULARY = 3000;

  /// How long one measurement of one way is to take at least.
  private static final double SECONDS = 0.2;

  private static final Attention FUSED = Attention.fused();
  private static final Attention SINGLE = Attention.singleOperations();

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /// What one pass took, by the clock and by all threads together.
  private record Time(double seconds, double processor) {}

  /// One pass, whose result is led back to the inputs or weights where gradients are wanted.
  private interface Way {
    NDArray pass(NDManager step);
  }

  /// Rows, asking tokens, tokens, width and heads.
  private record Sizes(int rows, int asking, int tokens, int width, int heads) {}

  private final NDManager manager;
  private final int rounds;

  private AttentionSpeed(NDManager manager, int rounds) {
    this.manager = manager;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 15;
    boolean gpu = arguments.length > 1 && arguments[1].equals("gpu");
    try (NDManager manager = NDManager.newBaseManager(gpu ? Device.gpu() : Device.cpu())) {
      AttentionSpeed speed = new AttentionSpeed(manager, rounds);
      System.out.println("| | | precision | single, ms | one, ms | ratio | ratio of processor time |");
      System.out.println("|---|---|---|---|---|---|---|");
      for (Sizes sizes :
          new Sizes[] {
            new Sizes(64, 24, 24, 256, 4),
            new Sizes(64, 1, 24, 256, 4),
            new Sizes(64, 40, 40, 768, 12),
            new Sizes(64, 1, 40, 768, 12)
          }) {
        speed.attention(sizes);
      }
      speed.encoder(
          "transformer of `flickr8k-small`, 64 rows of 24",
          24,
          way -> new TransformerEncoder(sizes(256, 4), way));
      speed.encoder(
          "first three layers of BERT-base, 64 rows of 40",
          40,
          way ->
              new BertEncoder(new BertEncoder.Sizes(VOCABULARY, 0, 3, 768, 12, 3072, 0), way));
    }
    System.out.printf(
        "%n%s, %d processors, %d threads, libtorch %s, medians of %d rounds%n",
        gpu ? "GPU" : "CPU",
        Runtime.getRuntime().availableProcessors(),
        Torch.threads(),
        Devices.libtorch(),
        rounds);
  }

  private static TransformerEncoder.Sizes sizes(int width, int heads) {
    return new TransformerEncoder.Sizes(VOCABULARY, 0, 64, 2, width, heads, 0);
  }

  /// The operation alone, also where the processor's single operations are preferred: its arrays
  /// are float32, which mixed precision rounds within.
  private void attention(Sizes sizes) {
    int width = sizes.width / sizes.heads;
    Shape asking = new Shape(sizes.rows, sizes.asking, sizes.heads, width);
    Shape tokens = new Shape(sizes.rows, sizes.tokens, sizes.heads, width);
    try (NDManager scope = manager.newSubManager()) {
      NDList inputs =
          new NDList(
              scope.randomNormal(asking),
              scope.randomNormal(tokens),
              scope.randomNormal(tokens),
              scope.zeros(new Shape(sizes.rows, 1, 1, sizes.tokens)));
      for (int row = 0; row < sizes.rows; row++) {
        NDIndex padding = new NDIndex("%d, 0, 0, %d:".formatted(row, length(row, sizes.tokens)));
        inputs.get(3).set(padding, -1e4f);
      }
      String name =
          "attention, %d rows, %d of %d tokens ask, width %d"
              .formatted(sizes.rows, sizes.asking, sizes.tokens, sizes.width);
      for (boolean learns : new boolean[] {false, true}) {
        for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.BF16}) {
          Function<Attention, Way> pass =
              way ->
                  step -> {
                    NDList given = new NDList();
                    inputs.forEach(array -> given.add(Torch.alias(array, step)));
                    if (learns) {
                      given.subNDList(0, 3).forEach(array -> array.setRequiresGradient(true));
                    }
                    return way.of(given.get(0), given.get(1), given.get(2), given.get(3), 0);
                  };
          compare(name, pass.apply(SINGLE), pass.apply(FUSED), learns, precision);
        }
      }
    }
  }

  /// Rows are of half to full length, as captions are.
  private static int length(int row, int most) {
    return most - row % (most / 2);
  }

  private void encoder(String name, int tokens, Function<Attention, Block> create) {
    try (NDManager scope = manager.newSubManager()) {
      int rows = 64;
      long[] numbers = new long[rows * tokens];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i % tokens < length(i / tokens, tokens) ? 1 + i * 31 % (VOCABULARY - 1) : 0;
      }
      NDArray ids = scope.create(new Shape(rows, tokens), DataType.INT64);
      ids.set(numbers);
      Block[] blocks = {create.apply(SINGLE), create.apply(FUSED)};
      for (Block block : blocks) {
        block.initialize(scope, DataType.FLOAT32, new Shape(1, tokens));
      }
      for (boolean learns : new boolean[] {false, true}) {
        for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.BF16}) {
          Way[] ways = new Way[2];
          for (int i = 0; i < 2; i++) {
            Block block = blocks[i];
            ParameterStore store = new ParameterStore(scope, false);
            ways[i] =
                step ->
                    block
                        .forward(store, new NDList(Torch.alias(ids, step)), true)
                        .singletonOrThrow();
          }
          compare(name, ways[0], ways[1], learns, precision);
        }
      }
    }
  }

  private void compare(String name, Way single, Way one, boolean learns, Precision precision) {
    // The first passes prepare what the libraries keep.
    time(single, learns, precision, 3);
    time(one, learns, precision, 3);
    int times = (int) Math.ceil(SECONDS / time(single, learns, precision, 1).seconds);
    double[] singles = new double[rounds];
    double[] ones = new double[rounds];
    double[] ratios = new double[rounds];
    double[] work = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      // A B, then B A, and so on.
      boolean before = round % 2 == 0;
      Time first = time(before ? single : one, learns, precision, times);
      Time second = time(before ? one : single, learns, precision, times);
      Time ofSingle = before ? first : second;
      Time ofOne = before ? second : first;
      singles[round] = 1000 * ofSingle.seconds;
      ones[round] = 1000 * ofOne.seconds;
      ratios[round] = ofOne.seconds / ofSingle.seconds;
      work[round] = ofOne.processor / ofSingle.processor;
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %.2f | %s | %s |%n",
        name,
        learns ? "forward and backward" : "forward",
        precision.name().toLowerCase(Locale.ROOT),
        median(singles),
        median(ones),
        told(ratios),
        told(work));
  }

  private static double median(double[] numbers) {
    Arrays.sort(numbers);
    return numbers[numbers.length / 2];
  }

  /// The median and the range of the middle two thirds.
  private static String told(double[] ratios) {
    double median = median(ratios);
    int out = ratios.length / 6;
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", median, ratios[out], ratios[ratios.length - 1 - out]);
  }

  private Time time(Way way, boolean learns, Precision precision, int times) {
    long begin = System.nanoTime();
    long busy = PROCESS.getProcessCpuTime();
    for (int i = 0; i < times; i++) {
      try (NDManager step = manager.newSubManager()) {
        if (learns) {
          learn(way, precision, step);
        } else {
          try (var _ = Torch.withoutGradient()) {
            float _ = sum(way, precision, step).getFloat();
          }
        }
      }
    }
    return new Time(
        (System.nanoTime() - begin) / 1e9 / times,
        (PROCESS.getProcessCpuTime() - busy) / 1e9 / times);
  }

  private static void learn(Way way, Precision precision, NDManager step) {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray sum = sum(way, precision, step);
      collector.backward(sum);
      // Reading a number waits for all that a GPU has been given to do.
      float _ = sum.getFloat();
    }
  }

  private static NDArray sum(Way way, Precision precision, NDManager step) {
    NDArray result;
    try (var _ = Torch.mixedPrecision(precision, step.getDevice())) {
      result = Torch.toFloat32(way.pass(step));
    }
    return result.sum();
  }
}
