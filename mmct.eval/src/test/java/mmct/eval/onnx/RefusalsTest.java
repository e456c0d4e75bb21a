package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cannot be exported is refused in one sentence with the operation and the caller's line, and
/// leaves no file.
class RefusalsTest {
  @TempDir Path folder;

  private void refused(Function<NDArray, NDArray> body, String operation, String why) {
    Operation block = new Operation(in -> body.apply(in.head()));
    Path file = folder.resolve("encoder.onnx");
    OnnxRequest request = Examples.request(block, Examples.floats(4, 6));
    assertThatThrownBy(() -> new OnnxExporter().export(request, file))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("the operation " + operation + " in mmct.eval.onnx.RefusalsTest")
        .hasMessageContaining("(RefusalsTest.java:")
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void valuesThatAreRead() {
    refused(x -> x.mul(x.getFloat(0, 0, 0)), "getFloat", "reads the values");
    refused(x -> x.mul(x.sum().toFloatArray()[0]), "toFloatArray", "reads the values");
    refused(x -> x.contentEquals(x) ? x : x.neg(), "contentEquals", "reads the values");
    refused(x -> x.getManager().create(x.toFloatArray()), "toFloatArray", "reads the values");
  }

  @Test
  void randomNumbers() {
    refused(x -> x.add(x.getManager().randomNormal(x.getShape())), "randomNormal", "random");
    refused(
        x -> x.add(x.getManager().randomUniform(0, 1, new Shape(6))), "randomUniform", "random");
    refused(x -> x.getNDArrayInternal().dropout(x, 0.5f, true).head().mul(0), "dropout", "random");
  }

  @Test
  void aLoopOverRows() {
    refused(
        x -> {
          NDArray sum = x.get(0);
          for (int i = 1; i < x.getShape().get(0); i++) {
            sum = sum.add(x.get(i));
          }
          return sum;
        },
        "get",
        "depends on the number of rows");
    refused(
        x -> NDArrays.concat(x.split(x.getShape().get(0)), 2), "split", "depends on the number");
  }

  @Test
  void hostDataThatDependsOnTheRows() {
    refused(
        x -> x.add(x.getManager().create(new float[(int) x.getShape().get(0)]).reshape(-1, 1, 1)),
        "create",
        "depend on the number of rows");
  }

  @Test
  void aNumberThatFollowsFromNoFormula() {
    refused(
        x -> x.mul(Math.exp(x.getShape().get(0))), "mul", "in a way that no simple formula gives");
  }

  @Test
  void anArrayOfTheBlockThatComputesWithATracedOne() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray kept = manager.ones(new Shape(6));
      refused(kept::add, "toByteBuffer", "the traced array must come first");
      refused(
          x ->
              manager
                  .ones(new Shape(4, 6))
                  .gather(x.get("0").toType(DataType.INT64, false).mul(0), 1)
                  .add(x),
          "gather",
          "the traced array must come first");
    }
  }

  @Test
  void aCastToTheEngine() {
    refused(x -> ((PtNDArray) x).add(x), "cast", "casts an array to the engine's class");
  }

  @Test
  void whatOnnxDoesNotHave() {
    refused(NDArray::erfinv, "erfinv", "there is no converter");
    refused(x -> x.abs().gammaln(), "gammaln", "there is no converter");
    refused(x -> x.sum().add(x.get(x.gt(0))), "get", "known only at run time");
    refused(x -> resized(x, 8, 3), "interpolation", "only the modes nearest and bilinear");
    refused(x -> resized(x, 3, 1), "interpolation", "smooths");
  }

  private static NDArray resized(NDArray x, int side, int mode) {
    NDArray picture = x.expandDims(1);
    return picture.getNDArrayInternal().interpolation(new long[] {side, side}, mode, false);
  }

  @Test
  void statisticsOfTheBatch() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray mean = manager.zeros(new Shape(4));
      NDArray variance = manager.ones(new Shape(4));
      refused(
          x ->
              x.getNDArrayInternal()
                  .batchNorm(x, mean, variance, variance, mean, 1, 1f, 1e-5f, true)
                  .head(),
          "batchNorm",
          "the batch's own statistics");
    }
  }

  private void fails(Function<NDList, NDArray> body, String message) {
    Path file = folder.resolve("encoder.onnx");
    OnnxRequest request = Examples.request(new Operation(body), Examples.floats(4, 6));
    assertThatThrownBy(() -> new OnnxExporter().export(request, file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(message);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void writingThroughAViewIsFoundByThePlainPass() {
    fails(
        in -> {
          NDArray copy = in.head().mul(1);
          copy.get(":, 0").muli(3);
          return copy;
        },
        "computes something else when it is traced");
  }

  @Test
  void aWrongConverterIsFoundByTheRuntime() {
    Path file = folder.resolve("encoder.onnx");
    OnnxRequest request =
        Examples.request(new Operation(in -> in.head().exp()), Examples.floats(4, 6));
    OnnxExporter wrong =
        new OnnxExporter(
            List.of(
                () ->
                    Map.of(
                        "exp",
                        (call, graph) ->
                            List.of(graph.node("Tanh").in(call.receiver()).out(call.type())))));
    assertThatThrownBy(() -> wrong.export(request, file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("disagrees with the block");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anArrayThatIsKeptFromAnEarlierPass() {
    List<NDArray> kept = new ArrayList<>();
    refused(
        x -> {
          NDArray mine = x.mul(2);
          if (Proxy.isProxyClass(x.getClass())) {
            kept.add(mine);
          }
          return kept.size() < 2 ? mine : x.add(kept.getFirst());
        },
        "forward",
        "earlier pass");
  }

  @Test
  void aBlockThatFailsByItself() {
    fails(in -> in.head().reshape(7, 7), "the block itself fails on inputs of the shapes");
    fails(in -> in.head().get(new NDIndex("0")).matMul(in.head()), "the block itself fails");
  }

  @Test
  void aBlockWithoutWeights() {
    OnnxRequest request =
        Examples.request(Linear.builder().setUnits(3).build(), Examples.floats(4));
    assertThatThrownBy(() -> new OnnxExporter().export(request, folder.resolve("encoder.onnx")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("only an initialised block can be exported");
  }

  @Test
  void whatOnnxRuntimeHasNoFormOf() {
    refused(
        x -> x.toType(DataType.FLOAT64, false).erf().toType(DataType.FLOAT32, false),
        "erf",
        "ONNX Runtime has no form of it for numbers of this type");
  }

  @Test
  void aConverterThatFailsIsToldWithTheCall() {
    OnnxExporter failing =
        new OnnxExporter(
            List.of(
                () ->
                    Map.of(
                        "exp",
                        (call, graph) -> {
                          throw new IllegalStateException("no luck");
                        })));
    OnnxRequest request =
        Examples.request(new Operation(in -> in.head().exp()), Examples.floats(4, 6));
    assertThatThrownBy(() -> failing.export(request, folder.resolve("encoder.onnx")))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith("the operation exp in mmct.eval.onnx.RefusalsTest")
        .hasMessageContaining("its converter has no form for these arguments (it says: no luck)");
  }

  @Test
  void aBlockWhoseArraysAreClosed() {
    Block block = Linear.builder().setUnits(3).build();
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
    }
    OnnxRequest request = Examples.request(block, Examples.floats(4));
    assertThatThrownBy(() -> new OnnxExporter().export(request, folder.resolve("encoder.onnx")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("has been closed");
    NDArray kept;
    try (NDManager manager = NDManager.newBaseManager()) {
      kept = manager.ones(new Shape(6));
    }
    fails(in -> in.head().add(kept), "the block itself fails on inputs of the shapes");
  }

  @Test
  void writingIntoAParameter() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Counting block = new Counting();
      block.initialize(manager, DataType.FLOAT32, new Shape(1, 4));
      OnnxRequest request = Examples.request(block, Examples.floats(4));
      assertThatThrownBy(() -> new OnnxExporter().export(request, folder.resolve("encoder.onnx")))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("it writes into the parameter count, which a file only reads");
    }
  }

  /// Adds nothing that a comparison would see, but changes its parameter all the same.
  private static final class Counting extends AbstractBlock {
    private final Parameter count =
        addParameter(
            Parameter.builder()
                .setName("count")
                .setType(Parameter.Type.BIAS)
                .optShape(new Shape(4))
                .build());

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDArray counted = store.getValue(count, inputs.head().getDevice(), training);
      counted.reshape(2, 2).addi(1);
      return new NDList(inputs.head().mul(2));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      return inputs;
    }
  }
}
