package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks drawn at random are exported or refused in a sentence; a file that is kept gives what the
/// block gives, also at sizes and for inputs that the exporter did not try. `-Dmmct.onnx.seeds`
/// sets how many there are, `-Dmmct.onnx.firstSeed` which is the first, `-Dmmct.onnx.print=true`
/// says what is refused.
class RandomBlocksTest {
  private static final int SEEDS = Integer.getInteger("mmct.onnx.seeds", 1000);
  private static final int FIRST = Integer.getInteger("mmct.onnx.firstSeed", 0);
  private static final int LONGEST = 40;
  private static final double TOLERANCE = 1e-3;

  @TempDir Path folder;

  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Integer> refusals = new ConcurrentSkipListMap<>();
  private final AtomicInteger exported = new AtomicInteger();

  @Test
  void noFileGivesAnotherNumber() {
    IntStream.range(FIRST, FIRST + SEEDS).parallel().forEach(this::one);
    String summary =
        "%d of %d random blocks were exported; refused: %s"
            .formatted(exported.get(), SEEDS, refusals);
    if (Boolean.getBoolean("mmct.onnx.print")) {
      System.out.println(summary);
    }
    assertThat(wrong).as(summary).isEmpty();
    assertThat(exported.get()).as(summary).isGreaterThan(SEEDS / 3);
  }

  private void one(int seed) {
    RandomBlock block = new RandomBlock(seed);
    int least = 1 + seed % 3;
    List<String> names =
        block.hasTwoLengths() ? List.of("x", "y", "i", "z") : List.of("x", "y", "i");
    ExampleInputs examples = (rows, length) -> inputs(block, rows, length, length, seed, false);
    Path file = folder.resolve("block%d.onnx".formatted(seed));
    try {
      int outputs = Evaluation.block(block, examples.of(3, least + 3)).size();
      new OnnxExporter()
          .export(
              new OnnxRequest(
                  block,
                  names,
                  IntStream.range(0, outputs).mapToObj(i -> "out" + i).toList(),
                  examples,
                  Optional.of(new Lengths(least, LONGEST, "length")),
                  Map.of(),
                  WeightType.FLOAT32,
                  17 + seed % 4),
              file);
    } catch (MmctException e) {
      String reason =
          e.getMessage()
              .replaceAll(".*(exported to ONNX: |\\(it says)", "")
              .replaceAll("[0-9.E-]+", "#");
      if (Boolean.getBoolean("mmct.onnx.print")) {
        System.out.println("seed " + seed + " " + e.getMessage() + "; " + block.text());
      }
      refusals.merge(reason.substring(0, Math.min(60, reason.length())), 1, Integer::sum);
      return;
    } catch (RuntimeException e) {
      if (e.getStackTrace()[0].getClassName().startsWith("ai.djl.")) {
        // The block itself fails.
        refusals.merge("fails", 1, Integer::sum);
        return;
      }
      wrong.add("seed %d: %s in %s; %s".formatted(seed, e, e.getStackTrace()[0], block.text()));
      return;
    }
    exported.incrementAndGet();
    try (Evaluation evaluation = new Evaluation(file)) {
      compare(seed, block, evaluation, names, least);
      Files.delete(file);
    } catch (OrtException | IOException e) {
      wrong.add("seed %d: %s".formatted(seed, e));
    }
  }

  private void compare(
      long seed, RandomBlock block, Evaluation evaluation, List<String> names, int least)
      throws OrtException {
    SplittableRandom random = new SplittableRandom(seed + 1);
    for (int i = 0; i < 8; i++) {
      int rows = i == 0 ? 1 : random.nextInt(1, 14);
      int length = i == 1 ? least : random.nextInt(least, LONGEST + 1);
      int other = random.nextInt(least, LONGEST + 1);
      // The engine leaves open in which order the places of equal elements come.
      boolean rounded = i % 2 == 1 && !block.text().contains("argSort");
      List<HostTensor> inputs = inputs(block, rows, length, other, random.nextLong(), rounded);
      List<Evaluation.Result> expected;
      try {
        expected = Evaluation.block(block, inputs);
      } catch (RuntimeException e) {
        continue;
      }
      List<Evaluation.Result> found;
      try {
        found = evaluation.file(names, inputs);
      } catch (OrtException e) {
        wrong.add("seed %d fails at %d x %d: %s".formatted(seed, rows, length, e.getMessage()));
        return;
      }
      for (int output = 0; output < expected.size(); output++) {
        String difference = difference(block, inputs, expected, found, output);
        if (!difference.isEmpty()) {
          wrong.add(
              "seed %d at %d x %d x %d, output %d%s: %s; %s"
                  .formatted(
                      seed,
                      rows,
                      length,
                      other,
                      output,
                      rounded ? " rounded" : "",
                      difference,
                      block.text()));
          return;
        }
      }
    }
  }

  private static String difference(
      RandomBlock block,
      List<HostTensor> inputs,
      List<Evaluation.Result> expected,
      List<Evaluation.Result> found,
      int output) {
    float[] want = expected.get(output).values();
    float[] got = found.get(output).values();
    if (want.length != got.length) {
      return "%s and not %s".formatted(found.get(output).shape(), expected.get(output).shape());
    }
    double magnitude = 0;
    for (float value : want) {
      magnitude = Float.isFinite(value) ? Math.max(magnitude, Math.abs(value)) : magnitude;
    }
    for (int i = 0; i < want.length; i++) {
      if (!close(want[i], got[i], magnitude) && isStable(block, inputs, want, output, i, got[i])) {
        return "%s and not %s at %d".formatted(got[i], want[i], i);
      }
    }
    return "";
  }

  private static boolean close(float want, float got, double magnitude) {
    return Float.isFinite(want) && Float.isFinite(got)
        ? Math.abs((double) want - got) <= TOLERANCE * magnitude
        : Float.compare(want, got) == 0;
  }

  /// Whether the block itself gives the same where all of its inputs are a little larger or less,
  /// which leaves equal ones equal.
  private static boolean isStable(
      RandomBlock block,
      List<HostTensor> inputs,
      float[] want,
      int output,
      int element,
      float got) {
    for (int k = -4; k <= 4; k++) {
      double factor = 1 + k * 0x1p-20;
      List<HostTensor> moved = inputs.stream().map(input -> times(input, factor)).toList();
      float value = Evaluation.block(block, moved).get(output).values()[element];
      boolean same =
          Float.isFinite(value) && Float.isFinite(want[element])
              ? Math.abs((double) value - want[element])
                  <= Math.abs((double) got - want[element]) / 50
              : Float.compare(value, want[element]) == 0;
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static HostTensor times(HostTensor tensor, double factor) {
    if (tensor.type() != DataType.FLOAT32) {
      return tensor;
    }
    ByteBuffer from = tensor.data().duplicate().order(ByteOrder.nativeOrder());
    ByteBuffer to = ByteBuffer.allocateDirect(from.remaining()).order(ByteOrder.nativeOrder());
    while (from.hasRemaining()) {
      to.putFloat((float) (from.getFloat() * factor));
    }
    return new HostTensor(to.rewind(), tensor.type(), tensor.shape());
  }

  private static List<HostTensor> inputs(
      RandomBlock block, int rows, int length, int other, long seed, boolean rounded) {
    SplittableRandom random = new SplittableRandom(seed * 31 + rows * 1000L + length);
    List<HostTensor> inputs = new ArrayList<>();
    inputs.add(floats(random, rounded, rows, length, 4));
    inputs.add(floats(random, rounded, rows, 4));
    HostTensor whole = HostTensor.allocate(DataType.INT64, rows, length);
    while (whole.data().hasRemaining()) {
      whole.data().putLong(random.nextInt(-3, 6));
    }
    whole.data().rewind();
    inputs.add(whole);
    if (block.hasTwoLengths()) {
      inputs.add(floats(random, rounded, rows, other, 4));
    }
    return inputs;
  }

  private static HostTensor floats(SplittableRandom random, boolean rounded, int rows, int... row) {
    HostTensor tensor = HostTensor.allocate(DataType.FLOAT32, rows, row);
    while (tensor.data().hasRemaining()) {
      double value = random.nextGaussian();
      tensor.data().putFloat((float) (rounded ? Math.rint(2 * value) / 2 + 0.0 : value));
    }
    tensor.data().rewind();
    return tensor;
  }
}
