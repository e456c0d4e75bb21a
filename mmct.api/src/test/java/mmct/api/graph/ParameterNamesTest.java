package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Parameters are called what PyTorch's state dictionaries call them.
class ParameterNamesTest {
  /// A block of named children that are never run.
  private static final class Named extends AbstractBlock {
    Named(Map<String, Block> children) {
      children.forEach(this::addChildBlock);
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      throw new AssertionError("only its names matter");
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }

  private static Linear linear() {
    return Linear.builder().setUnits(2).build();
  }

  @Test
  void aPathJoinsTheNamesOfTheChildren() {
    Block inner = new Named(new java.util.TreeMap<>(Map.of("conv1", linear(), "fc", linear())));
    assertThat(ParameterNames.of(new Named(Map.of("layer1", inner))).keySet())
        .containsExactly(
            "layer1.conv1.weight", "layer1.conv1.bias", "layer1.fc.weight", "layer1.fc.bias");
  }

  @Test
  void normalisationsTakePyTorchsWords() {
    assertThat(ParameterNames.of(BatchNorm.builder().build()).keySet())
        .containsExactlyInAnyOrder("weight", "bias", "running_mean", "running_var");
  }

  @Test
  void siblingsOfOneNameAreCountedInstead() {
    Block twice = new SequentialBlock().add(linear()).add(linear());
    assertThat(ParameterNames.of(twice).keySet())
        .containsExactly("0.weight", "0.bias", "1.weight", "1.bias");
  }

  @Test
  void aSharedParameterIsListedOnce() {
    Linear shared = linear();
    Block tied = new Named(new java.util.TreeMap<>(Map.of("first", shared, "second", shared)));
    assertThat(ParameterNames.of(tied).keySet()).containsExactly("first.weight", "first.bias");
  }

  @Test
  void aNameThatBeginsWithDigitsKeepsThem() {
    Block block = new Named(Map.of("3x3", linear()));
    assertThat(ParameterNames.of(block).keySet()).containsExactly("3x3.weight", "3x3.bias");
  }

  @Test
  void namesAreThereBeforeAndAfterInitialisation() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = new SequentialBlock().add(linear()).add(linear());
      var before = ParameterNames.of(block).keySet();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
      assertThat(ParameterNames.of(block).keySet()).isEqualTo(before);
    }
  }
}
