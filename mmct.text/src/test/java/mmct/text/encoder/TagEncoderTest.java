package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.List;
import mmct.api.graph.ParameterNames;
import org.junit.jupiter.api.Test;

class TagEncoderTest {
  @Test
  void aBagIsTheMeanOfItsTagsVectors() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(manager);
      // Tags 0 and 1 with one vector: together they are read as either of them alone.
      NDArray table = ParameterNames.of(encoder).get("embedding.weight").getArray();
      table.set(new ai.djl.ndarray.index.NDIndex(1), table.get(0));

      NDArray features =
          forward(encoder, manager.create(new float[][] {{1, 0, 0}, {0, 1, 0}, {1, 1, 0}}));

      assertThat(features.get(2).toFloatArray())
          .usingComparatorWithPrecision(1e-6f)
          .containsExactly(features.get(0).toFloatArray());
      assertThat(features.getShape()).isEqualTo(new Shape(3, 2));
    }
  }

  @Test
  void noTagsAreReadAsAVectorOfZeros() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(manager);
      NDArray none = forward(encoder, manager.zeros(new Shape(1, 3)));
      ParameterNames.of(encoder).get("embedding.weight").getArray().muli(0);

      NDArray zeros = forward(encoder, manager.create(new float[][] {{1, 0, 1}}));

      assertThat(none.toFloatArray()).containsExactly(zeros.toFloatArray());
    }
  }

  @Test
  void onlyPresentTagsAreTrained() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(manager);
      NDArray tags = manager.create(new float[][] {{0, 1, 1}});
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(forward(encoder, tags).sum());
      }
      NDArray gradient =
          ParameterNames.of(encoder).get("embedding.weight").getArray().getGradient();

      assertThat(gradient.get(0).abs().sum().getFloat()).isZero();
      assertThat(gradient.get(1).abs().sum().getFloat()).isPositive();
      assertThat(gradient.get(1).toFloatArray()).containsExactly(gradient.get(2).toFloatArray());
    }
  }

  @Test
  void parametersHaveNames() {
    assertThat(ParameterNames.of(new TagEncoder(3, 4, 2)).keySet())
        .isEqualTo(
            new java.util.LinkedHashSet<>(
                List.of(
                    "embedding.weight",
                    "hidden.weight",
                    "hidden.bias",
                    "output.weight",
                    "output.bias")));
  }

  private static Block initialized(NDManager manager) {
    Engine.getInstance().setRandomSeed(1);
    Block encoder = new TagEncoder(3, 4, 2);
    encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
    return encoder;
  }

  private static NDArray forward(Block encoder, NDArray tags) {
    return encoder
        .forward(new ParameterStore(tags.getManager(), false), new NDList(tags), false)
        .singletonOrThrow();
  }
}
