package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.NormalInitializer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.data.HostTensor;
import mmct.api.graph.ParameterNames;

/// Inputs and weights for blocks under test.
final class Examples {
  private Examples() {}

  /// Normally distributed rows `[rows, shape...]`.
  static ExampleInputs floats(int... row) {
    return (rows, length) -> List.of(floats(DataType.FLOAT32, rows, row));
  }

  /// Rows `[rows, length]` of ids, of which some end with padding.
  static ExampleInputs ids(int vocabulary, int padding) {
    return (rows, length) -> {
      SplittableRandom random = new SplittableRandom(rows * 1000L + length);
      HostTensor ids = HostTensor.allocate(DataType.INT64, rows, length);
      for (int row = 0; row < rows; row++) {
        int words = 1 + random.nextInt(length);
        for (int i = 0; i < length; i++) {
          ids.data().putLong(i < words ? random.nextLong(1, vocabulary) : padding);
        }
      }
      ids.data().rewind();
      return List.of(ids);
    };
  }

  private static HostTensor floats(DataType type, int rows, int... row) {
    SplittableRandom random = new SplittableRandom(rows);
    HostTensor tensor = HostTensor.allocate(type, rows, row);
    while (tensor.data().hasRemaining()) {
      tensor.data().putFloat((float) random.nextGaussian());
    }
    tensor.data().rewind();
    return tensor;
  }

  /// A request to export a block of rows of one shape.
  static OnnxRequest request(Block block, ExampleInputs examples) {
    return request(block, examples, Optional.empty());
  }

  /// A request to export a block.
  static OnnxRequest request(Block block, ExampleInputs examples, Optional<Lengths> lengths) {
    int inputs = examples.of(1, 1).size();
    return new OnnxRequest(
        block,
        IntStream.range(0, inputs).mapToObj(i -> inputs == 1 ? "input" : "input" + i).toList(),
        "features",
        examples,
        lengths,
        Map.of("about", "a test"),
        WeightType.FLOAT32);
  }

  /// Gives biases and the statistics of normalisations values too, so that a converter that forgets
  /// one is found out.
  static <B extends Block> B shaken(B block, NDManager manager) {
    ParameterNames.of(block)
        .forEach(
            (name, parameter) -> {
              NDArray array = parameter.getArray();
              if (name.endsWith("bias") || name.endsWith("running_mean")) {
                overwrite(array, manager, 0.1f, 0f);
              } else if (name.endsWith("running_var")) {
                overwrite(array, manager, 0.1f, 1f);
              } else if (parameter.getType() == Parameter.Type.GAMMA) {
                overwrite(array, manager, 0.1f, 1f);
              }
            });
    return block;
  }

  private static void overwrite(NDArray array, NDManager manager, float deviation, float mean) {
    NDArray values =
        new NormalInitializer(deviation)
            .initialize(manager, array.getShape(), DataType.FLOAT32)
            .add(mean);
    if (mean > 0) {
      values = values.abs();
    }
    array.set(values.toByteBuffer());
  }
}
