package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import mmct.api.MmctException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The door to libtorch.
class TorchTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void rowsAreAViewOfTheSameMemory() {
    NDArray array = manager.arange(12f).reshape(4, 3);
    Torch.rows(array, 1, 3, manager).muli(0);
    assertThat(array.toFloatArray()).containsExactly(0, 1, 2, 0, 0, 0, 0, 0, 0, 9, 10, 11);
    assertThat(Torch.rows(array, 2, 2, manager).getShape()).isEqualTo(new Shape(0, 3));
  }

  @Test
  void rowsAndAliasesBelongToTheManagerGiven() {
    NDArray array = manager.arange(4f);
    NDArray alias;
    try (NDManager scope = manager.newSubManager()) {
      alias = Torch.alias(array, scope);
      NDArray rows = Torch.rows(array, 0, 2, scope);
      assertThat(rows.getManager()).isEqualTo(scope);
      alias.muli(2);
    }
    assertThat(alias.isReleased()).isTrue();
    assertThat(array.toFloatArray()).containsExactly(0, 2, 4, 6);
  }

  @Test
  void copyingWritesIntoTheTargetsMemory() {
    for (Shape shape : new Shape[] {new Shape(), new Shape(3), new Shape(2, 2), new Shape(0, 5)}) {
      NDArray target = manager.full(shape, Float.NaN);
      NDArray seenBefore = Torch.alias(target, manager);
      Torch.copy(manager.ones(shape), target);
      assertThat(seenBefore.toFloatArray()).doesNotContain(Float.NaN).hasSize((int) shape.size());
    }
    assertThatThrownBy(() -> Torch.copy(manager.ones(new Shape(2)), manager.ones(new Shape(3))))
        .hasMessage("cannot copy (2) into (3)");
  }

  @Test
  void withoutGradientNothingIsRecordedAndAfterwardsAllIsAsBefore() {
    try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray leaf = manager.ones(new Shape(2));
      leaf.setRequiresGradient(true);
      NDArray silent;
      try (var _ = Torch.withoutGradient()) {
        try (var _ = Torch.withoutGradient()) {
          silent = leaf.mul(leaf);
        }
        assertThat(leaf.mul(leaf).hasGradient()).as("the inner one has ended").isFalse();
      }
      assertThat(silent.hasGradient()).isFalse();
      gradients.backward(leaf.mul(leaf).sum());
      assertThat(Torch.gradient(leaf).orElseThrow().toFloatArray()).containsExactly(2, 2);
    }
  }

  @Test
  void gradientsOfPartsAddUp() {
    NDArray leaf = manager.ones(new Shape(2));
    leaf.setRequiresGradient(true);
    for (int part = 0; part < 3; part++) {
      try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
        gradients.backward(leaf.mul(leaf).sum());
      }
    }
    assertThat(Torch.gradient(leaf).orElseThrow().toFloatArray()).containsExactly(6, 6);
    NDArray untouched = manager.ones(new Shape(2));
    untouched.setRequiresGradient(true);
    assertThat(Torch.gradient(untouched)).isEmpty();
  }

  @Test
  void oneSeedGivesOneSequence() {
    Torch.seed(5);
    float[] first = manager.randomNormal(new Shape(10)).toFloatArray();
    float[] second = manager.randomNormal(new Shape(10)).toFloatArray();
    Torch.seed(5);
    assertThat(manager.randomNormal(new Shape(10)).toFloatArray()).isEqualTo(first);
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void aDeviceIsChosenByOneOfThreeWords() {
    assertThat(Devices.choose("cpu").isGpu()).isFalse();
    assertThat(Devices.choose("auto").isGpu())
        .isEqualTo(Engine.getInstance().hasCapability(StandardCapabilities.CUDA));
    assertThatThrownBy(() -> Devices.choose("tpu"))
        .isInstanceOf(MmctException.class)
        .hasMessage("--device must be cpu, gpu or auto but was 'tpu'");
  }
}
