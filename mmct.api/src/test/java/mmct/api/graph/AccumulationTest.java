package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.training.TrainingStep;
import org.junit.jupiter.api.Test;

/// A batch taken in parts gives the step of the whole batch, however unevenly its rows are there.
class AccumulationTest {
  private static final int LENGTH = 4;
  private static final int ROWS = 9;
  private static final Map<String, ?> SGD =
      Map.of("type", "sgd", "lr", 0.2, "momentum", 0.9, "weightDecay", 0.01, "clipNorm", 0.05);

  /// The sum over the candidates of `max(0, q·n − q·k⁺ + 1)`, masked ones left out.
  private static LossOutput hinge(LossInput input) {
    NDArray own = input.query().mul(input.key()).sum(new int[] {1}, true);
    NDArray others = input.query().matMul(input.queue().transpose());
    NDArray hinges = ai.djl.nn.Activation.relu(others.sub(own).add(1));
    if (input.masked().isPresent()) {
      hinges =
          hinges.mul(
              input
                  .masked()
                  .get()
                  .logicalNot()
                  .toType(ai.djl.ndarray.types.DataType.FLOAT32, false));
    }
    return LossOutput.of(hinges.sum(new int[] {1}));
  }

  private static GraphSpec spec(boolean inBatch) {
    Probe loss = new Probe(Probe.pair().needs(), AccumulationTest::hinge);
    return GraphSpec.builder()
        .modality("a", new Vectors(LENGTH, 5))
        .modality("b", new Vectors(LENGTH, 5))
        .space("self", new SpaceConfig(3, 6))
        .space("common", new SpaceConfig(3, 6))
        .objective("aa", loss, "a", "a", "self", 1)
        .objective(
            "ab",
            new ObjectiveSpec(
                loss, List.of("a", "b"), "common", 0.5, Optional.empty(), inBatch, true))
        .objective("ba", loss, "b", "a", "common", 2)
        .queue(20)
        .momentum(0.9)
        .build();
  }

  @Test
  void partsGiveTheTermsAndTheStepOfTheWholeBatch() {
    for (boolean inBatch : List.of(false, true)) {
      try (Bench whole = new Bench(spec(inBatch), SGD);
          Bench halves = new Bench(spec(inBatch), SGD);
          Bench shreds = new Bench(spec(inBatch), SGD)) {
        for (int step = 0; step < 4; step++) {
          // Of b only rows of the last part are there, of a most.
          float[][] a = BatchOf.random(ROWS, LENGTH, step, step, 8);
          float[][] b = BatchOf.random(ROWS, LENGTH, step + 50, 0, 1, 2, 3, 4, 5);
          TrainingStep.Result expected = whole.take(parts(step, a, b, 0, ROWS));
          same(expected, halves.take(parts(step, a, b, 0, 5, ROWS)));
          same(expected, shreds.take(parts(step, a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, ROWS)));
        }
        same(whole, halves);
        same(whole, shreds);
      }
    }
  }

  private static Batch[] parts(int step, float[][] a, float[][] b, int... borders) {
    Batch[] parts = new Batch[borders.length - 1];
    for (int i = 0; i < parts.length; i++) {
      int from = borders[i];
      int to = borders[i + 1];
      parts[i] =
          BatchOf.fresh(5L * step + from, to - from)
              .with("a", Arrays.copyOfRange(a, from, to))
              .with("b", Arrays.copyOfRange(b, from, to))
              .build();
    }
    return parts;
  }

  private static void same(TrainingStep.Result expected, TrainingStep.Result actual) {
    assertThat(actual.terms().keySet()).isEqualTo(expected.terms().keySet());
    expected.terms().forEach((name, value) -> close(name, actual.terms().get(name), value));
    close("total", actual.total(), expected.total());
    close("norm", actual.gradientNorm(), expected.gradientNorm());
  }

  private static void close(String what, double actual, double expected) {
    assertThat(actual).as(what).isCloseTo(expected, within(1e-5 * Math.max(1, expected)));
  }

  private static void same(Bench expected, Bench actual) {
    Map<String, float[]> everything = actual.everything();
    expected
        .everything()
        .forEach(
            (name, values) ->
                assertThat(everything.get(name)).as(name).containsExactly(values, within(1e-5f)));
  }
}
