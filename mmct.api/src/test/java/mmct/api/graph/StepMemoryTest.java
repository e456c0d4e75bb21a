package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// A step leaves nothing behind but its results.
class StepMemoryTest {
  private static final int LENGTH = 64;
  private static final long MOST_GROWTH = 16_000_000;

  /// Compares with everything there is and remembers nothing.
  private static final class Attraction implements Loss {
    @Override
    public LossOutput evaluate(LossInput input) {
      NDArray own = input.query().mul(input.key()).sum(new int[] {1}); // [n]
      NDArray others = input.query().matMul(input.queue().transpose()); // [n, k]
      return LossOutput.of(others.sum(new int[] {1}).sub(own));
    }
  }

  private static GraphSpec spec() {
    Loss loss = new Attraction();
    return GraphSpec.builder()
        .modality("a", new Vectors(LENGTH, 256).batchNormalised().dropout(0.1))
        .modality("b", new Vectors(LENGTH, 256))
        .space("self", new SpaceConfig(128, 256))
        .space("common", new SpaceConfig(128, 256))
        .objective("aa", loss, "a", "a", "self", 1)
        .objective("ab", loss, "a", "b", "common", 1)
        .objective("ba", loss, "b", "a", "common", 1)
        .queue(512)
        .build();
  }

  private static Batch[] batch() {
    float[][] rows = BatchOf.random(128, LENGTH, 1, 3, 5);
    return new Batch[] {
      BatchOf.fresh(0, 128).with("a", rows).with("b", BatchOf.random(128, LENGTH, 2, 1, 7)).build(),
      BatchOf.fresh(200, 128).with("a", rows).build()
    };
  }

  @Test
  void noArrayOutlivesItsStep() {
    try (Bench bench = new Bench(spec(), Map.of("type", "adamw", "lr", 0.001))) {
      NDManager everything = bench.graph().manager().getParentManager();
      bench.take(batch());
      int before = everything.getManagedArrays().size();
      for (int i = 0; i < 20; i++) {
        bench.take(batch());
      }
      assertThat(everything.getManagedArrays().size()).isEqualTo(before);
      try (var scope = bench.graph().manager().newSubManager()) {
        bench.optimizer().state(scope);
        bench.graph().state(scope);
      }
      assertThat(everything.getManagedArrays().size()).isEqualTo(before);
    }
  }

  /// A forward pass here makes arrays of 128 KiB and more, so that one lost in each step would
  /// show as 20 MB in every round. The Java heap may grow in one round or another, not in all.
  @Test
  void theProcessDoesNotGrow() throws IOException {
    Path status = Path.of("/proc/self/statm");
    Assumptions.assumeTrue(Files.exists(status), "only Linux tells the size of the process");
    Batch[] batch = batch();
    try (Bench bench = new Bench(spec(), Map.of("type", "sgd", "lr", 0.001))) {
      for (int i = 0; i < 60; i++) {
        bench.take(batch);
      }
      long leastGrowth = Long.MAX_VALUE;
      // What grows once has found its size; a leak grows every time.
      for (int round = 0; round < 4 && leastGrowth >= MOST_GROWTH; round++) {
        long before = residentBytes(status);
        for (int i = 0; i < 150; i++) {
          bench.take(batch);
        }
        leastGrowth = Math.min(leastGrowth, residentBytes(status) - before);
      }
      assertThat(leastGrowth).isLessThan(MOST_GROWTH);
    }
  }

  private static long residentBytes(Path status) throws IOException {
    // The Java heap comes and goes; a full collection gives back what is not in use.
    System.gc();
    return 4096 * Long.parseLong(Files.readString(status).split(" ")[1]);
  }

  /// The engine's record of a step must not point into memory that Java may free before the
  /// backward pass.
  @Test
  void aGarbageCollectionWithinAStepChangesNothing() {
    Map<String, float[]> undisturbed = afterTwoSteps(false);
    Map<String, float[]> disturbed = afterTwoSteps(true);
    undisturbed.forEach(
        (name, values) -> assertThat(disturbed.get(name)).as(name).isEqualTo(values));
  }

  private static Map<String, float[]> afterTwoSteps(boolean disturb) {
    Needs needs =
        new Needs(
            new Needs.Pair(
                new Needs.Side(2, 0, Needs.Queue.NONE, true),
                Needs.Side.key(Needs.Queue.OPTIONAL),
                true),
            List.of(LossParameter.scalar("scale", 2)),
            List.of(new LossState("centre", new Shape(8), 0.5, false)));
    Loss last =
        new Probe(
            needs,
            input -> {
              NDArray both = input.query().add(input.sides().getFirst().queries().get(1));
              NDArray near = both.sub(input.state("centre")).mul(input.key()).sum(new int[] {1});
              NDArray value = near.mul(input.parameter("scale"));
              if (disturb) {
                overwriteFreedMemory();
              }
              return LossOutput.of(value).with("centre", input.state("centre").add(0.25f));
            });
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 16).batchNormalised().dropout(0.3))
            .modality("b", new Vectors(LENGTH, 16))
            .space("s", new SpaceConfig(8, 16))
            .objective("ab", new Attraction(), "a", "b", "s", 0.3)
            .objective("aa", last, "a", "a", "s", 0.7)
            .queue(32)
            .build();
    try (Bench bench = new Bench(spec, Map.of("type", "adamw", "lr", 0.01))) {
      for (int step = 0; step < 2; step++) {
        float[][] second = BatchOf.random(12, LENGTH, 5, 2, 3);
        bench.take(
            BatchOf.fresh(9L * step, 12)
                .with(
                    "a",
                    BatchOf.views(BatchOf.random(12, LENGTH, 4, 3), second),
                    BatchOf.views(BatchOf.random(12, LENGTH, 6)))
                .with("b", BatchOf.random(12, LENGTH, 7, 1))
                .build());
      }
      return bench.weights();
    }
  }

  /// Lets the collector free what Java no longer holds, and writes over the freed memory.
  private static void overwriteFreedMemory() {
    System.gc();
    System.gc();
    List<ByteBuffer> garbage = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 + i % 16);
      while (buffer.hasRemaining()) {
        buffer.put((byte) 0x7f);
      }
      garbage.add(buffer);
    }
    assertThat(garbage).isNotEmpty();
  }

  @Test
  void aLeafThatNothingReachedHasNoGradient() {
    try (Bench bench = new Bench(spec(), Map.of("type", "sgd"));
        NDManager step = bench.graph().manager().newSubManager()) {
      Weights weights = bench.graph().queryEncoders().get("a").weights();
      StepParameters leaves = new StepParameters(step, true);
      NDArray reached = leaves.getValue(weights.slots().get(0).parameter(), step.getDevice(), true);
      leaves.getValue(weights.slots().get(1).parameter(), step.getDevice(), true);
      try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
        gradients.backward(reached.sum());
      }
      assertThat(leaves.gradient(weights.slots().get(0).parameter()).orElseThrow().toFloatArray())
          .containsOnly(1f);
      assertThat(leaves.gradient(weights.slots().get(1).parameter())).isEmpty();
      assertThat(leaves.gradient(weights.slots().get(2).parameter())).as("never used").isEmpty();
    }
  }

  @Test
  void aParameterIsOneLeafHoweverOftenItIsUsed() {
    try (Bench bench = new Bench(spec(), Map.of("type", "sgd"));
        NDManager step = bench.graph().manager().newSubManager()) {
      var parameter = bench.graph().queryEncoders().get("a").weights().slots().get(0).parameter();
      StepParameters leaves = new StepParameters(step, true);
      assertThat(leaves.getValue(parameter, step.getDevice(), true))
          .isSameAs(leaves.getValue(parameter, step.getDevice(), true));
      StepParameters untrained = new StepParameters(step, false);
      assertThat(untrained.getValue(parameter, step.getDevice(), true).hasGradient()).isFalse();
      assertThat(untrained.getValue(null, step.getDevice(), true)).isNull();
    }
  }
}
