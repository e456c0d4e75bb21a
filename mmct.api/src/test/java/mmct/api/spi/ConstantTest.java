package mmct.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConstantTest {
  private final NDManager owner = NDManager.newBaseManager(Device.cpu());
  private final Constant.Kept kept = new Constant.Kept(owner);

  @AfterEach
  void close() {
    owner.close();
  }

  private float sum(double... numbers) {
    return kept.use(
        () -> {
          try (NDManager step = owner.newSubManager()) {
            NDArray x = step.ones(new Shape(2));
            float sum = 0;
            for (double number : numbers) {
              sum += x.mul(Constant.of(x, number)).toFloatArray()[1];
            }
            return sum;
          }
        });
  }

  @Test
  void aNumberIsMadeOnceForAllSteps() {
    assertThat(sum(0.5, 0.25, 0.5)).isEqualTo(1.25f);
    assertThat(sum(0.25)).isEqualTo(0.25f);
    assertThat(kept.made()).isEqualTo(2);
  }

  @Test
  void itBelongsToTheManagerOfWhoeverAsks() {
    kept.use(
        () -> {
          try (NDManager step = owner.newSubManager()) {
            NDArray x = step.ones(new Shape(2));
            NDArray number = Constant.of(x, 3);
            assertThat(number.getManager()).isSameAs(step);
            assertThat(number.getShape()).isEqualTo(new Shape());
            assertThat(number.getDataType()).isEqualTo(DataType.FLOAT32);
            // What is computed from it is freed with the step too.
            assertThat(number.mul(x).getManager()).isSameAs(step);
          }
          return null;
        });
    assertThat(owner.getManagedArrays()).hasSize(1);
  }

  @Test
  void closingItLeavesTheNumberToTheNextOne() {
    kept.use(
        () -> {
          NDArray x = owner.ones(new Shape(2));
          Constant.of(x, 3).close();
          assertThat(Constant.of(x, 3).getFloat()).isEqualTo(3);
          return null;
        });
  }

  @Test
  void numbersThatChangeDoNotAddUp() {
    for (int i = 0; i < 2000; i++) {
      assertThat(sum(i, 7)).isEqualTo(i + 7f);
    }
    assertThat(owner.getManagedArrays()).hasSize(256);
    assertThat(kept.made()).isEqualTo(2000);
  }

  @Test
  void outsideAStepNothingIsKept() {
    NDArray x = owner.ones(new Shape(2));
    assertThat(Constant.of(x, 0.5).getFloat()).isEqualTo(0.5f);
    assertThat(kept.made()).isZero();
  }
}
