package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.initializer.Initializer;
import java.util.Map;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.api.graph.StepParameters;
import org.junit.jupiter.api.Test;

/// Scaling the loss leaves gradients as they are, and steps whose gradients overflow are left out.
class LossScaleTest {
  private static final double FIRST = 65_536;

  /// Takes a step for the loss `slope · w`.
  ///
  /// @return whether the gradient could be used
  private static boolean step(LossScale scale, float slope, float[] gradient) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Parameter weight =
          Parameter.builder()
              .setName("w")
              .setType(Parameter.Type.WEIGHT)
              .optShape(new Shape(1))
              .optInitializer(Initializer.ONES)
              .build();
      weight.initialize(manager, DataType.FLOAT32);
      weight.getArray().setRequiresGradient(false);
      StepParameters parameters = new StepParameters(manager, true);
      NDArray leaf = parameters.getValue(weight, manager.getDevice(), true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray loss = leaf.mul(manager.create(new float[] {slope})).sum();
        collector.backward(scale.scaled(loss));
      }
      boolean usable = scale.unscale(parameters, manager);
      try (NDArray left = Torch.gradient(leaf).orElseThrow()) {
        gradient[0] = left.getFloat();
      }
      return usable;
    }
  }

  @Test
  void gradientsComeOutAsTheyWere() {
    for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.FP16}) {
      float[] gradient = new float[1];
      assertThat(step(new LossScale(precision), 0.75f, gradient)).isTrue();
      assertThat(gradient[0]).isEqualTo(0.75f);
    }
  }

  @Test
  void anOverflowHalvesTheFactorAndIsCounted() {
    LossScale scale = new LossScale(Precision.FP16);
    float[] gradient = new float[1];
    assertThat(step(scale, 3e38f, gradient)).isFalse();
    assertThat(scale.factor()).isEqualTo(FIRST / 2);
    assertThat(scale.skipped()).isEqualTo(1);
    assertThat(step(scale, 2, gradient)).isTrue();
    assertThat(gradient[0]).isEqualTo(2);
    assertThat(scale.skipped()).isEqualTo(1);
  }

  @Test
  void aGradientThatIsNoNumberEvenUnscaledIsLeftToTheOptimiser() {
    LossScale scale = new LossScale(Precision.FP16);
    float[] gradient = new float[1];
    int left = 0;
    while (!step(scale, Float.NaN, gradient)) {
      left++;
    }
    assertThat(left).isEqualTo(16);
    assertThat(scale.factor()).isEqualTo(1);
  }

  @Test
  void theFactorIsDoubledAfterTwoThousandGoodSteps() {
    LossScale scale = new LossScale(Precision.FP16);
    try (NDManager scope = NDManager.newBaseManager()) {
      scale.restore(Map.of("precision.loss_scale", scope.create(new double[] {8, 1998, 3})));
    }
    float[] gradient = new float[1];
    step(scale, 1, gradient);
    assertThat(scale.factor()).isEqualTo(8);
    step(scale, 1, gradient);
    assertThat(scale.factor()).isEqualTo(16);
  }

  @Test
  void goesOnFromItsState() {
    LossScale first = new LossScale(Precision.FP16);
    step(first, 3e38f, new float[1]);
    step(first, 1, new float[1]);
    LossScale second = new LossScale(Precision.FP16);
    try (NDManager scope = NDManager.newBaseManager()) {
      second.restore(first.state(scope));
      assertThat(second.factor()).isEqualTo(first.factor());
      assertThat(second.skipped()).isEqualTo(1);
      assertThat(second.state(scope).values().iterator().next().toDoubleArray())
          .containsExactly(FIRST / 2, 1, 1);
      assertThat(new LossScale(Precision.BF16).state(scope)).isEmpty();
    }
  }
}
