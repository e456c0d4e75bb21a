package mmct.eval.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;

/// What evaluations train with.
class LearnerTest {
  private static final float[] INPUTS = {1, 0, 0, 1, 1, 1, 2, -1};
  private static final float[] TARGETS = {3, -2, 1, 8};

  @Test
  void theFirstStepOfAdamMovesEachWeightByTheRate() {
    Block linear = linear();
    try (Learner learner = learner(linear, 0.01, 1)) {
      float before = weight(linear)[0];
      step(learner, linear, 1);
      assertThat(Math.abs(weight(linear)[0] - before)).isCloseTo(0.01f, within(1e-6f));
      float after = weight(linear)[1];
      Block other = linear();
      try (Learner slower = learner(other, 0.01, 1)) {
        float start = weight(other)[1];
        step(slower, other, 0.1);
        assertThat(Math.abs(weight(other)[1] - start)).isCloseTo(0.001f, within(1e-6f));
        assertThat(weight(other)[1]).isNotEqualTo(after);
      }
    }
  }

  @Test
  void aLineIsFitted() {
    Block linear = linear();
    try (Learner learner = learner(linear, 0.05, 1)) {
      double loss = 0;
      for (int i = 0; i < 800; i++) {
        loss = step(learner, linear, i < 600 ? 1 : 0.1);
      }
      assertThat(loss).isLessThan(1e-4);
      // The targets are 3x − 2y.
      assertThat(weight(linear)).containsExactly(new float[] {3, -2}, within(0.02f));
    }
  }

  @Test
  void theSeedAloneDecidesWhereWeightsStart() {
    assertThat(start(1)).isEqualTo(start(1)).isNotEqualTo(start(2));
  }

  @Test
  void aLossThatIsNoNumberIsRefusedWithTheRate() {
    Block linear = linear();
    try (Learner learner = learner(linear, 0.5, 1)) {
      assertThatThrownBy(
              () -> learner.step(1, (parameters, step) -> step.create(Float.POSITIVE_INFINITY)))
          .isInstanceOf(MmctException.class)
          .hasMessage(
              "the loss must stay finite but was Infinity after 0 steps of learning rate 0.5");
    }
  }

  @Test
  void repeatedFiguresHaveTheirMeanAndDeviation() {
    List<Map<String, Double>> runs = List.of(Map.of("a", 1.0), Map.of("a", 2.0), Map.of("a", 6.0));
    assertThat(Repeated.mean(runs)).containsEntry("a", 3.0);
    assertThat(Repeated.deviation(runs).get("a")).isCloseTo(Math.sqrt(7), within(1e-12));
  }

  private static float[] start(long seed) {
    Block linear = linear();
    try (Learner learner = learner(linear, 0.1, seed)) {
      assertThat(learner).isNotNull();
      return weight(linear);
    }
  }

  private static double step(Learner learner, Block linear, double factor) {
    return learner.step(
        factor,
        (parameters, step) -> {
          NDArray inputs = step.create(INPUTS, new Shape(4, 2));
          NDArray targets = step.create(TARGETS, new Shape(4, 1));
          NDArray error =
              Learner.forward(linear, parameters, new NDList(inputs), true).sub(targets);
          return error.mul(error).mean();
        });
  }

  private static Block linear() {
    return Linear.builder().setUnits(1).optBias(false).build();
  }

  private static Learner learner(Block block, double rate, long seed) {
    return new Learner(
        Map.of("line", new Learner.Part(block, List.of(new Shape(1, 2)))),
        Device.cpu(),
        rate,
        seed);
  }

  private static float[] weight(Block linear) {
    return linear.getDirectParameters().get("weight").getArray().toFloatArray();
  }
}
