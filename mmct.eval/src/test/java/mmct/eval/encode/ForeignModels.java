package mmct.eval.encode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.eval.onnx.Lengths;
import mmct.eval.onnx.OnnxExporter;
import mmct.eval.onnx.OnnxRequest;
import mmct.eval.onnx.WeightType;
import org.jspecify.annotations.Nullable;

/// Files as other programs leave them: without a word on how they are fed.
final class ForeignModels {
  private ForeignModels() {}

  /// Reads `input_ids`, `attention_mask` and `token_type_ids`, int64 `[n, l]`, and returns
  /// `last_hidden_state [n, l, 3]`: the id times (1, 10, 100), plus 0.5 where the mask is 1, plus
  /// 1000 times the type.
  static void tokens(Path file) {
    Block block = new Block();
    NDManager manager = NDManager.newBaseManager("PyTorch");
    block.initialize(manager, DataType.INT64, new Shape(1, 4), new Shape(1, 4), new Shape(1, 4));
    new OnnxExporter()
        .export(
            new OnnxRequest(
                block,
                List.of("input_ids", "attention_mask", "token_type_ids"),
                "last_hidden_state",
                ForeignModels::examples,
                Optional.of(new Lengths(1, 12, "length")),
                Map.of("producer", "somebody else"),
                WeightType.FLOAT32),
            file);
  }

  private static List<HostTensor> examples(int rows, int length) {
    SplittableRandom random = new SplittableRandom(1);
    return List.of(
        integers(rows, length, 20, random),
        integers(rows, length, 2, random),
        integers(rows, length, 2, random));
  }

  private static HostTensor integers(int rows, int length, int bound, SplittableRandom random) {
    return HostTensor.stack(
        java.util.stream.Stream.generate(
                () -> View.of(random.longs(length, 0, bound).toArray(), length))
            .limit(rows)
            .toList(),
        0);
  }

  private static final class Block extends AbstractBlock {
    private final Parameter scale =
        addParameter(Parameter.builder().setName("scale").setType(Parameter.Type.WEIGHT).build());

    @Override
    protected void prepare(Shape[] inputs) {
      scale.setShape(new Shape(1, 1, 3));
      scale.setInitializer(
          (Initializer) (manager, shape, type) -> manager.create(new float[] {1, 10, 100}, shape));
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      NDArray ids = floats(inputs.get(0));
      NDArray present = floats(inputs.get(1)).mul(0.5f);
      NDArray types = floats(inputs.get(2)).mul(1000f);
      NDArray values = ids.mul(store.getValue(scale, ids.getDevice(), training)); // [n, l, 3]
      return new NDList(values.add(present).add(types));
    }

    private static NDArray floats(NDArray integers) {
      return integers.toType(DataType.FLOAT32, false).expandDims(2); // [n, l, 1]
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return new Shape[] {new Shape(inputs[0].get(0), inputs[0].get(1), 3)};
    }
  }
}
