package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;

/// Mixed precision is on where it is asked for, in what it is good for, and nowhere else.
class MixedPrecisionTest {
  /// Half the distance of neighbouring bfloat16 numbers, relative.
  private static final double ROUNDING = 1.0 / 256;

  @Test
  void productsAreRoundedWithinAndNotOutside() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray one = manager.create(new float[] {1 + 1e-3f}, new Shape(1, 1));
      NDArray exact = one.matMul(one);
      NDArray rounded;
      try (var _ = Torch.mixedPrecision(Precision.BF16, Device.cpu())) {
        rounded = Torch.toFloat32(one.matMul(one));
      }
      assertThat(rounded.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(rounded.getFloat()).isEqualTo(1);
      assertThat(exact.getFloat()).isCloseTo(1.002f, within(1e-5f));
      assertThat(one.matMul(one).getFloat()).isEqualTo(exact.getFloat());
    }
  }

  @Test
  void float32ChangesNothing() {
    try (NDManager manager = NDManager.newBaseManager();
        var _ = Torch.mixedPrecision(Precision.FLOAT32, Device.cpu())) {
      NDArray one = manager.create(new float[] {1 + 1e-3f}, new Shape(1, 1));
      assertThat(one.matMul(one).getFloat()).isCloseTo(1.002f, within(1e-5f));
      assertThat(Torch.toFloat32(one)).isSameAs(one);
    }
  }

  @Test
  void gradientsPassThroughAndAreFloat32() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
      NDArray w = manager.create(new float[] {0.3f, -0.7f}, new Shape(2, 1));
      w.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDArray product;
        try (var _ = Torch.mixedPrecision(Precision.BF16, Device.cpu())) {
          product = Torch.toFloat32(x.matMul(w));
        }
        collector.backward(product.sum());
      }
      // The columns' sums.
      try (NDArray gradient = Torch.gradient(w).orElseThrow()) {
        assertThat(gradient.getDataType()).isEqualTo(DataType.FLOAT32);
        assertThat(gradient.toFloatArray())
            .containsExactly(new float[] {4, 6}, within((float) (6 * ROUNDING)));
      }
    }
  }

  @Test
  void picturesLieChannelsLastWithTheSameValuesAndAreNotLaidTwice() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray pictures = manager.arange(2 * 3 * 2 * 2f).reshape(2, 3, 2, 2);
      NDArray laid = Torch.channelsLast(pictures);
      assertThat(laid).isEqualTo(pictures);
      assertThat(laid.getShape()).isEqualTo(pictures.getShape());
      // Written through the second, seen in the first: one memory.
      Torch.channelsLast(laid).muli(2);
      assertThat(laid).isEqualTo(pictures.mul(2));
      assertThat(pictures).isNotEqualTo(laid);
    }
  }

  @Test
  void anArrayIsDifferentiatedFromItsOwnGradient() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {1, 2});
      x.setRequiresGradient(true);
      try (GradientCollector _ = Engine.getInstance().newGradientCollector()) {
        Torch.backward(x.mul(x), manager.create(new float[] {10, 100}));
      }
      try (NDArray gradient = Torch.gradient(x).orElseThrow()) {
        assertThat(gradient.toFloatArray()).containsExactly(20, 400);
      }
    }
  }

  @Test
  void fp16IsRefusedOnTheCpu() {
    assertThatThrownBy(() -> PrecisionChoice.of(Precision.FP16, Device.cpu()))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("fp16")
        .hasMessageContaining("bf16 is the choice there");
  }

  @Test
  void autoChoosesWhatBf16WouldNotBeRefusedFor() {
    PrecisionChoice choice = PrecisionChoice.of(Precision.AUTO, Device.cpu());
    if (choice.precision() == Precision.BF16) {
      assertThat(PrecisionChoice.of(Precision.BF16, Device.cpu()).precision())
          .isEqualTo(Precision.BF16);
    } else {
      assertThat(choice.precision()).isEqualTo(Precision.FLOAT32);
      assertThatThrownBy(() -> PrecisionChoice.of(Precision.BF16, Device.cpu()))
          .hasMessageContaining(choice.reason());
    }
    assertThat(choice.reason()).isNotBlank();
  }
}
