package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.stream.LongStream;
import mmct.api.graph.BatchOf;
import mmct.api.graph.Bench;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.Probe;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.Vectors;
import mmct.api.spi.Loss;
import mmct.api.spi.LossOutput;
import org.junit.jupiter.api.Test;

/// A loss that leaves the numbers stops a step before it does harm.
class NonFiniteLossTest {
  private static final int LENGTH = 3;
  private static final long BAD = 13;

  /// The plain value, which is infinite for one instance.
  private static Loss infiniteForOne(float bad) {
    return new Probe(
        Probe.pair().needs(),
        input -> {
          NDArray value = input.query().mul(input.key()).sum(new int[] {1});
          long[] instances = input.instances();
          float[] more = new float[instances.length];
          for (int i = 0; i < more.length; i++) {
            more[i] = instances[i] == BAD ? bad : 0;
          }
          return LossOutput.of(value.add(input.manager().create(more)));
        });
  }

  private static Bench bench(Loss loss) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 4))
            .modality("b", new Vectors(LENGTH, 4))
            .space("s", new SpaceConfig(2, 0))
            .objective("fine", Probe.pair(), "b", "b", "s", 1)
            .objective("wild", loss, "a", "b", "s", 1)
            .queue(6)
            .build();
    return new Bench(spec, Map.of("type", "sgd", "lr", 0.1));
  }

  private static float[][] random(int rows, int... missing) {
    return BatchOf.random(rows, LENGTH, 1, missing);
  }

  private static NonFiniteLossException failure(Bench bench, mmct.api.graph.Batch... parts) {
    return catchThrowableOfType(NonFiniteLossException.class, () -> bench.take(parts));
  }

  @Test
  void stepTermAndSampleAreTold() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (Bench bench = bench(infiniteForOne(bad))) {
        bench.take(BatchOf.fresh(0, 3).with("a", random(3)).with("b", random(3)).build());
        NonFiniteLossException failure =
            failure(
                bench,
                BatchOf.instances(11, 12, 13, 14)
                    .with("a", random(4, 0))
                    .with("b", random(4))
                    .build());
        assertThat(failure.step()).isEqualTo(2);
        assertThat(failure.term()).isEqualTo("wild");
        assertThat(failure.samples()).containsExactly("s13");
        assertThat(failure)
            .hasMessage("objective wild became %s in step 2; samples: s13", (double) bad);
      }
    }
  }

  @Test
  void theSampleIsFoundInWhateverPartItIs() {
    try (Bench bench = bench(infiniteForOne(Float.NaN))) {
      NonFiniteLossException failure =
          failure(
              bench,
              BatchOf.instances(11, 12).with("a", random(2)).with("b", random(2)).build(),
              BatchOf.instances(14, 13).with("a", random(2)).with("b", random(2)).build());
      assertThat(failure.samples()).containsExactly("s13");
    }
  }

  @Test
  void weightsAndQueuesAreAsTheStepBeforeLeftThem() {
    try (Bench bench = bench(infiniteForOne(Float.NaN))) {
      bench.take(BatchOf.fresh(0, 3).with("a", random(3)).with("b", random(3)).build());
      Map<String, float[]> before = bench.everything();
      failure(bench, BatchOf.instances(12, 13).with("a", random(2)).with("b", random(2)).build());
      Map<String, float[]> after = bench.everything();
      before.forEach(
          (name, values) -> {
            if (!name.startsWith("momentum.")) {
              assertThat(after.get(name)).as(name).isEqualTo(values);
            }
          });
      assertThat(bench.queue("b", "s").filled()).isEqualTo(3);
    }
  }

  @Test
  void aLossOfOneValueNamesAllItsRowsButTheMessageOnlyAFew() {
    Loss lone =
        new Probe(
            Probe.pair().needs(),
            input ->
                LossOutput.of(
                    input.query().sum().add(input.manager().full(new Shape(), Float.NaN))));
    long[] instances = LongStream.range(0, 20).toArray();
    try (Bench bench = bench(lone)) {
      NonFiniteLossException failure =
          failure(
              bench,
              BatchOf.instances(instances).with("a", random(20, 4)).with("b", random(20)).build());
      assertThat(failure.samples()).hasSize(19).doesNotContain("s4");
      assertThat(failure)
          .hasMessageEndingWith("samples: s0, s1, s2, s3, s5, s6, s7, s8 and 11 more");
    }
  }
}
