package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Torch;
import mmct.api.graph.Weights.Slot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The parameters of an encoder side by side in one array.
class WeightsTest {
  private static final int LENGTH = 3;

  private Bench bench;
  private Weights weights;

  @BeforeEach
  void build() {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("a", new Vectors(LENGTH, 5).batchNormalised())
            .space("s", new SpaceConfig(7, 6))
            .objective("o", Probe.pair(), "a", "a", "s", 1)
            .queue(4)
            .build();
    bench =
        new Bench(
            spec, Map.of("type", "adamw", "lr", 0.1, "weightDecay", 0.1, "decayBiasAndNorm", true));
    weights = bench.graph().queryEncoders().get("a").weights();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private void takeSteps() {
    for (int i = 0; i < 3; i++) {
      float[][] rows = BatchOf.random(4, LENGTH, i);
      bench.take(
          BatchOf.fresh(4L * i, 4).with("a", rows, BatchOf.random(4, LENGTH, i + 9)).build());
    }
  }

  @Test
  void everyTrainedParameterHasAPlaceAndNoStatisticHas() {
    assertThat(weights.slots().stream().map(Slot::name))
        .containsExactlyInAnyOrder(
            "backbone.Linear.weight",
            "backbone.Linear.bias",
            "backbone.BatchNorm.weight",
            "backbone.BatchNorm.bias",
            "heads.s.0.weight",
            "heads.s.0.bias",
            "heads.s.1.weight",
            "heads.s.1.bias");
    assertThat(weights.arrays())
        .containsKeys("backbone.BatchNorm.running_mean", "backbone.BatchNorm.running_var")
        .hasSize(10);
    assertThat(weights.count()).isEqualTo(5 * 3 + 5 + 5 + 5 + 6 * 5 + 6 + 7 * 6 + 7);
  }

  @Test
  void theMomentumUpdateIsTheSameInOneCallAndPieceByPiece() {
    takeSteps();
    Weights copy = bench.graph().momentumEncoders().get("a").weights();
    float[] mine = copy.flat().toFloatArray();
    float[] theirs = weights.flat().toFloatArray();
    for (Optional<FusedUpdates> way :
        List.of(Torch.fusedUpdates(bench.graph().manager()), Optional.<FusedUpdates>empty())) {
      Torch.copy(copy.flat().getManager().create(mine), copy.flat());
      copy.average(weights, 0.75, way);
      float[] moved = copy.flat().toFloatArray();
      for (int i = 0; i < moved.length; i++) {
        assertThat((double) moved[i]).isCloseTo(0.75 * mine[i] + 0.25 * theirs[i], within(1e-6));
      }
      assertThat(weights.flat().toFloatArray()).containsExactly(theirs);
    }
    assertThat(mine).isNotEqualTo(theirs);
  }

  private static Weights.Slot slot(Parameter.Type type, long... shape) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Parameter parameter =
          Parameter.builder()
              .setName("p")
              .setType(type)
              .optShape(new Shape(shape))
              .optInitializer(Initializer.ONES)
              .build();
      parameter.initialize(manager, DataType.FLOAT32);
      return Weights.gather(Map.of("p", parameter), manager).slots().getFirst();
    }
  }

  /// A block of somebody else may have a scale of its own, and vectors of any type.
  @Test
  void loneNumbersAreNeverDecayedAndVectorsLikeBiases() {
    for (Parameter.Type type : new Parameter.Type[] {Parameter.Type.WEIGHT, Parameter.Type.OTHER}) {
      assertThat(slot(type).decays(true)).as("a lone number").isFalse();
      assertThat(slot(type, 5).decays(true)).isTrue();
      assertThat(slot(type, 5).decays(false)).as("a vector").isFalse();
      assertThat(slot(type, 5).decays()).isFalse();
      assertThat(slot(type, 5, 1).decays(false)).as("a matrix").isTrue();
    }
    assertThat(slot(Parameter.Type.BIAS, 5).decays(true)).isTrue();
    assertThat(slot(Parameter.Type.BIAS, 5).decays(false)).isFalse();
    assertThat(slot(Parameter.Type.BIAS).decays(true)).isFalse();
  }

  @Test
  void weightsProperComeBeforeBiasesAndNormalisations() {
    assertThat(weights.slots().stream().map(Slot::decays))
        .containsExactly(true, true, true, false, false, false, false, false);
    assertThat(weights.slots().stream().filter(Slot::decays).map(Slot::name))
        .containsExactly("backbone.Linear.weight", "heads.s.0.weight", "heads.s.1.weight");
  }

  @Test
  void placesDoNotOverlapAndBeginAtMultiplesOfSixtyFourBytes() {
    long end = 0;
    for (Slot slot : weights.slots()) {
      assertThat(slot.offset()).isEqualTo(end);
      assertThat(slot.offset() % 16).isZero();
      assertThat(slot.size()).isEqualTo(slot.shape().size());
      assertThat(slot.end()).isGreaterThanOrEqualTo(slot.offset() + slot.size());
      end = slot.end();
    }
    assertThat(weights.flat().size()).isEqualTo(end);
  }

  @Test
  void aParameterIsAViewOfItsPlace() {
    takeSteps();
    float[] flat = weights.flat().toFloatArray();
    for (Slot slot : weights.slots()) {
      float[] place = new float[(int) slot.size()];
      System.arraycopy(flat, (int) slot.offset(), place, 0, place.length);
      NDArray array = weights.arrays().get(slot.name());
      assertThat(array.toFloatArray()).as(slot.name()).isEqualTo(place);
      assertThat(array.getShape()).isEqualTo(slot.shape());
    }
    weights.flat().muli(0).addi(3);
    for (Slot slot : weights.slots()) {
      assertThat(slot.parameter().getArray().toFloatArray()).as(slot.name()).containsOnly(3f);
    }
  }

  @Test
  void theGapsBetweenParametersStayZero() {
    takeSteps();
    float[] flat = weights.flat().toFloatArray();
    int gaps = 0;
    for (Slot slot : weights.slots()) {
      for (long i = slot.offset() + slot.size(); i < slot.end(); i++) {
        assertThat(flat[(int) i]).isZero();
        gaps++;
      }
    }
    assertThat(gaps).isPositive();
  }
}
