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
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.onnxruntime.OrtException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where a file could give other numbers than its block without anybody noticing: the numbers are
/// the block's, or the block is refused.
class RightNumbersTest {
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;
  private static final Optional<Lengths> LENGTHS = Optional.of(new Lengths(1, 40, "length"));

  @TempDir Path folder;

  private static HostTensor normal(int rows, int... row) {
    SplittableRandom random = new SplittableRandom(rows * 100L + row.length);
    HostTensor tensor = HostTensor.allocate(DataType.FLOAT32, rows, row);
    while (tensor.data().hasRemaining()) {
      tensor.data().putFloat((float) random.nextGaussian());
    }
    tensor.data().rewind();
    return tensor;
  }

  private static Block block(Function<NDArray, NDArray> body) {
    return LambdaBlock.singleton(body::apply);
  }

  private Path export(Block block, ExampleInputs examples, Optional<Lengths> lengths) {
    Path file = folder.resolve("encoder.onnx");
    int inputs = examples.of(1, 5).size();
    List<String> names = IntStream.range(0, inputs).mapToObj(i -> "x" + i).toList();
    new OnnxExporter()
        .export(
            new OnnxRequest(block, names, "y", examples, lengths, Map.of(), WeightType.FLOAT32),
            file);
    return file;
  }

  private void same(Block block, Path file, HostTensor... inputs) throws OrtException {
    List<String> names = IntStream.range(0, inputs.length).mapToObj(i -> "x" + i).toList();
    try (Evaluation evaluation = new Evaluation(file)) {
      Evaluation.Result expected = Evaluation.block(block, List.of(inputs)).getFirst();
      Evaluation.Result found = evaluation.file(names, List.of(inputs)).getFirst();
      assertThat(found.shape()).isEqualTo(expected.shape());
      // The sign of a zero counts, what is not a number is equal to itself.
      for (int i = 0; i < expected.values().length; i++) {
        if (expected.values()[i] == 0 || !Float.isFinite(expected.values()[i])) {
          assertThat((Float) found.values()[i])
              .as("element %d", i)
              .isEqualTo((Float) expected.values()[i]);
        } else {
          assertThat((double) found.values()[i])
              .as("element %d", i)
              .isCloseTo(
                  expected.values()[i],
                  org.assertj.core.data.Offset.offset(1e-5 * Math.abs(expected.values()[i])));
        }
      }
    }
  }

  private void same(Function<NDArray, NDArray> body, float... row) throws OrtException {
    Block block = block(body);
    Path file =
        export(block, (rows, length) -> List.of(normal(rows, row.length)), Optional.empty());
    same(block, file, Evaluation.floats(row, 1, row.length));
  }

  private void refused(Block block, ExampleInputs examples, Optional<Lengths> range, String why) {
    assertThatThrownBy(() -> export(block, examples, range))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
    assertThat(folder).isEmptyDirectory();
  }

  private void refused(Function<NDArray, NDArray> body, String why) {
    refused(block(body), (rows, length) -> List.of(normal(rows, 3)), Optional.empty(), why);
  }

  @Test
  void anInfiniteElementDoesNotHideTheOthers() {
    refused(
        x -> {
          NDArray copy = x.duplicate();
          copy.get(":, 0:2").addi(5);
          return NDArrays.concat(new NDList(copy, x.sub(x).log()), 1);
        },
        "addi");
    refused(
        x -> {
          long rows = x.getShape().get(0);
          NDArray scores = x.matMul(x.transpose());
          NDArray diagonal = x.getManager().eye((int) rows);
          NDArray none = scores.zerosLike().sub(INFINITY);
          return NDArrays.where(diagonal.eq(1), none, rows > 4 ? scores.mul(2) : scores);
        },
        "depends on the number of rows");
  }

  @Test
  void infinitiesAndWhatIsNotANumberAreComparedByPlace() throws OrtException {
    same(x -> NDArrays.concat(new NDList(x, x.sub(x).log(), x.mul(NAN)), 1), 1, 2, 3);
    Block mask =
        block(
            x -> {
              NDArray scores = x.matMul(x.transpose());
              NDArray diagonal = x.getManager().eye((int) x.getShape().get(0));
              return NDArrays.where(diagonal.eq(1), scores.zerosLike().sub(INFINITY), scores);
            });
    Path file = export(mask, (rows, length) -> List.of(normal(rows, 3)), Optional.empty());
    same(mask, file, normal(6, 3));
  }

  @Test
  void aConverterThatIsWrongBesideAnInfinityIsFound() {
    Block block = block(x -> NDArrays.concat(new NDList(x.exp(), x.sub(x).log()), 1));
    OnnxExporter wrong =
        new OnnxExporter(
            List.of(
                () ->
                    Map.of(
                        "exp",
                        (call, graph) ->
                            List.of(graph.node("Tanh").in(call.receiver()).out(call.type())))));
    OnnxRequest request = Examples.request(block, (rows, length) -> List.of(normal(rows, 3)));
    assertThatThrownBy(() -> wrong.export(request, folder.resolve("encoder.onnx")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("disagrees with the block");
  }

  @Test
  void aConverterThatIsWrongInASmallColumnIsFound() {
    Block block =
        block(x -> NDArrays.concat(new NDList(x.mul(1e6f), x.get(":, 0:1").exp().mul(1e-6f)), 1));
    OnnxExporter wrong =
        new OnnxExporter(
            List.of(
                () ->
                    Map.of(
                        "exp",
                        (call, graph) ->
                            List.of(graph.node("Tanh").in(call.receiver()).out(call.type())))));
    OnnxRequest request = Examples.request(block, (rows, length) -> List.of(normal(rows, 3)));
    assertThatThrownBy(() -> wrong.export(request, folder.resolve("encoder.onnx")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("disagrees with the block");
  }

  @Test
  void columnsOfVerySmallNumbersAndOnesOfRoundingOnlyPass() throws OrtException {
    same(x -> NDArrays.concat(new NDList(x.mul(1e6f), x.exp().mul(1e-6f)), 1), 1, 2, 3);
    // What is left of the sum of ten numbers is what they were rounded by.
    Block rounding =
        block(
            x -> {
              NDArray sum = x.softmax(1).sum(new int[] {1}, true);
              return NDArrays.concat(new NDList(x, sum.sub(1)), 1);
            });
    export(rounding, (rows, length) -> List.of(normal(rows, 10)), Optional.empty());
  }

  @Test
  void nothingThatIsFiniteCannotBeChecked() {
    refused(x -> x.mul(NAN), "no finite number");
  }

  @Test
  void twoInputsOfIndependentLengths() throws OrtException {
    Block means =
        new LambdaBlock(
            x -> {
              NDArray p = x.get(0);
              NDArray q = x.get(1);
              long both = p.getShape().get(1) + q.getShape().get(1);
              return new NDList(p.sum(new int[] {1}).add(q.sum(new int[] {1})).div(both));
            });
    Path file =
        export(
            means,
            (rows, length) -> List.of(normal(rows, length, 2), normal(rows, length + 2, 2)),
            LENGTHS);
    for (int[] lengths : new int[][] {{5, 11}, {5, 7}, {11, 2}, {1, 40}}) {
      same(means, file, normal(1, lengths[0], 2), normal(1, lengths[1], 2));
    }
    try (Evaluation evaluation = new Evaluation(file)) {
      assertThat(evaluation.declared("x0")).contains("[batch,length,\"\"]");
      assertThat(evaluation.declared("x1")).contains("[batch,length_x1,\"\"]");
    }
  }

  @Test
  void twoInputsThatMustHaveOneLengthAreDeclaredSo() throws OrtException {
    Block masked = new LambdaBlock(x -> new NDList(x.get(0).mul(x.get(1)).sum(new int[] {1})));
    Path file =
        export(
            masked, (rows, length) -> List.of(normal(rows, length), normal(rows, length)), LENGTHS);
    try (Evaluation evaluation = new Evaluation(file)) {
      assertThat(evaluation.declared("x0")).contains("[batch,length]");
      assertThat(evaluation.declared("x1")).contains("[batch,length]");
    }
    Block shifted =
        new LambdaBlock(x -> new NDList(x.get(0).mul(x.get(1).get(":, 2:")).sum(new int[] {1})));
    file =
        export(
            shifted,
            (rows, length) -> List.of(normal(rows, length + 3), normal(rows, length + 5)),
            LENGTHS);
    try (Evaluation evaluation = new Evaluation(file)) {
      assertThat(evaluation.declared("x0")).contains("[batch,length]");
      assertThat(evaluation.declared("x1")).contains("[batch,length + 2]");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void aFormulaOfTheLengthHoldsAtEveryLengthOrIsRefused(int formula) throws OrtException {
    Block block =
        block(
            x -> {
              long l = x.getShape().get(1);
              long places =
                  switch (formula) {
                    case 0 -> Math.min(6, l);
                    case 1 -> (l + 1) / 2;
                    case 2 -> l % 4 + 1;
                    case 3 -> l > 20 ? 3 : 2;
                    case 4 -> Math.max(3, l - 4);
                    case 5 -> 1 + (long) Math.floor(Math.sqrt(l));
                    case 6 -> Math.min(l, 17) - 1;
                    default -> l == 31 ? 2 : 1;
                  };
              return x.get(new NDIndex(":, :{}", places)).sum(new int[] {1});
            });
    Path file;
    try {
      file = export(block, (rows, length) -> List.of(normal(rows, length)), LENGTHS);
    } catch (MmctException e) {
      assertThat(formula).isIn(3, 5, 7);
      assertThat(e).hasMessageContaining("in a way that no simple formula gives");
      return;
    }
    assertThat(formula).isIn(0, 1, 2, 4, 6);
    for (int length = 1; length <= 40; length++) {
      same(block, file, normal(2, length));
    }
  }

  @Test
  void aBranchOnTheRowsIsRefused() {
    for (int bound : new int[] {4, 8, 16, 30, 64, 99}) {
      refused(x -> x.getShape().get(0) > bound ? x.mul(2) : x, "depends on the number of rows");
      refused(x -> x.mul(x.getShape().get(0) > bound ? 3 : 2), "number of rows");
    }
  }

  @Test
  void contentsAreNotAskedFor() {
    refused(x -> x.equals(x.abs()) ? x.mul(2) : x, "reads the values");
    refused(x -> List.of(x.abs()).contains(x) ? x.mul(2) : x, "reads the values");
    refused(x -> x.allClose(x.abs()) ? x.mul(2) : x, "reads the values");
    refused(x -> x.toString().contains("-") ? x.mul(2) : x, "reads the values");
    refused(x -> x.mul(x.toDebugString().length()), "reads the values");
    refused(x -> Map.of(x.abs(), 2, x.neg(), 3).size() > 1 ? x.mul(2) : x, "reads the values");
  }

  @Test
  void anArrayThatIsReadAfterAWriteUnderAnotherNameIsRefused() {
    List<Function<NDArray, NDArray>> views =
        List.of(
            x -> x.get(":, 0:2"),
            x -> x.get(0),
            x -> x.reshape(-1),
            x -> x.transpose(),
            x -> x.swapAxes(0, 1),
            x -> x.expandDims(0),
            x -> x.expandDims(0).squeeze(0),
            x -> x.flatten(),
            x -> x.split(3, 1).get(1),
            NDArray::stopGradient,
            x -> x.get(":").get(":, 1"));
    for (Function<NDArray, NDArray> view : views) {
      refused(
          x -> {
            NDArray copy = x.duplicate();
            view.apply(copy).addi(1);
            return copy;
          },
          "under another name");
      refused(
          x -> {
            NDArray copy = x.duplicate();
            NDArray part = view.apply(copy);
            copy.muli(2);
            return copy.sum().add(part);
          },
          "under another name");
    }
    refused(
        x -> {
          NDArray copy = x.duplicate();
          copy.get(":, 0").getNDArrayInternal().rsubi(1);
          return copy;
        },
        "under another name");
    refused(
        x -> {
          NDArray copy = x.duplicate();
          copy.reshape(-1).set(new NDIndex("0"), 5);
          return copy;
        },
        "under another name");
  }

  @Test
  void writingWhereNobodyElseReadsIsExported() throws OrtException {
    same(x -> x.get(":, 0:2").addi(1), 1, 2, 3);
    same(
        x -> {
          NDArray copy = x.duplicate();
          copy.addi(1);
          return copy.reshape(-1, 1).muli(2);
        },
        1,
        2,
        3);
    same(x -> x.addi(1), 1, 2, 3);
    same(
        x -> {
          NDArray copy = x.toDevice(x.getDevice(), true);
          copy.addi(1);
          return copy;
        },
        1,
        2,
        3);
  }

  @Test
  void aConstantOfAClosedManager() throws OrtException {
    same(
        x -> {
          try (NDManager manager = NDManager.newBaseManager()) {
            return x.mul(manager.create(new float[] {1, 2, 3}));
          }
        },
        4,
        5,
        6);
    // An array that is written into between two uses is two constants.
    same(
        x -> {
          try (NDManager manager = NDManager.newBaseManager()) {
            NDArray own = manager.create(new float[] {1, 2, 3});
            NDArray first = x.mul(own);
            own.addi(1);
            return first.add(x.mul(own));
          }
        },
        4,
        5,
        6);
  }

  @Test
  void zerosKeepTheirSigns() throws OrtException {
    Block block = new LambdaBlock(x -> new NDList(x.get(0).atan2(x.get(1))));
    Path file =
        export(
            block, (rows, length) -> List.of(normal(rows, 3), normal(rows, 3)), Optional.empty());
    float[] values = {0f, -0f, 1, -1, 2.5f, -0.3f, INFINITY, -INFINITY, NAN, 1e-30f, -1e30f};
    for (float y : values) {
      for (float x : values) {
        same(
            block,
            file,
            Evaluation.floats(new float[] {y, y, y}, 1, 3),
            Evaluation.floats(new float[] {x, x, x}, 1, 3));
      }
    }
    same(NDArray::trunc, -0f, 0.5f, -0.5f, 2.5f, -2.5f, NAN, INFINITY, -INFINITY, 1e10f, -0.99f);
    same(NDArray::round, -0f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 3.5f);
    same(NDArray::sign, -0f, 0f, NAN, INFINITY, -INFINITY);
  }

  @Test
  void remaindersOfLargeNumbersAreExact() throws OrtException {
    float[] values = {
      1e10f, -1e10f, 16777216, 1e30f, -7, 7, 0.1f, -0f, INFINITY, NAN, 123456.79f, -33.3f
    };
    for (float divisor : new float[] {3, -3, 0.7f, -0.7f, 1e-3f, 1e20f, INFINITY}) {
      same(x -> x.mod(divisor), values);
    }
  }

  @Test
  void whatIsNotANumberStandsAboveInfinity() throws OrtException {
    float[] values = {1, NAN, INFINITY, -INFINITY, 3, -2, 3, NAN, 0};
    List<Function<NDArray, NDArray>> bodies =
        List.of(
            x -> x.max(new int[] {1}),
            x -> x.min(new int[] {1}),
            NDArray::max,
            NDArray::min,
            x -> x.argMax(1),
            x -> x.argMin(1),
            x -> x.sort(1),
            x -> x.argSort(1),
            x -> x.argSort(1, false),
            x -> x.topK(3, 1).get(0),
            x -> x.median(new int[] {1}),
            x -> x.maximum(0),
            x -> x.minimum(0),
            x -> x.clip(-1, 1),
            x -> x.gt(0),
            x -> x.lte(x),
            x -> x.neq(x),
            x -> x.xlogy(x),
            x -> x.getNDArrayInternal().relu());
    for (Function<NDArray, NDArray> body : bodies) {
      same(x -> body.apply(x).toType(DataType.FLOAT32, false).expandDims(0), values);
    }
    same(x -> x.sort(1), 3, 1, 3, -0f, 0f, 2);
    same(x -> x.argMax(1).toType(DataType.FLOAT32, false), 3, 1, 3, 0, 0, 2);
  }

  @Test
  void wholeNumbersWrapAroundAndDivideAsInTheEngine() throws OrtException {
    Function<Function<NDArray, NDArray>, Function<NDArray, NDArray>> whole =
        body ->
            x ->
                body.apply(x.mul(10).toType(DataType.INT64, false)).toType(DataType.FLOAT32, false);
    float[] values = {-0.7f, 0.7f, -0.3f, 0.3f, 1.2f, -1.2f};
    same(whole.apply(i -> i.mod(5)), values);
    same(whole.apply(i -> i.mod(-5)), values);
    same(whole.apply(i -> i.div(4)), values);
    same(whole.apply(i -> i.pow(3)), values);
    same(whole.apply(i -> i.pow(40).mod(1000)), values);
    same(whole.apply(i -> i.mul(1L << 61).div(1L << 61)), values);
    same(whole.apply(i -> i.argMax(1)), values);
    for (DataType small : List.of(DataType.INT8, DataType.UINT8, DataType.INT32)) {
      Function<NDArray, NDArray> narrow =
          x -> x.mul(100).toType(DataType.INT32, false).toType(small, false);
      same(x -> narrow.apply(x).mul(narrow.apply(x)).toType(DataType.FLOAT32, false), values);
      same(x -> narrow.apply(x).add(100).toType(DataType.FLOAT32, false), values);
      same(x -> narrow.apply(x).gt(3).toType(DataType.FLOAT32, false), values);
      same(x -> narrow.apply(x).sum(new int[] {1}).toType(DataType.FLOAT32, false), values);
      same(x -> narrow.apply(x).max(new int[] {1}).toType(DataType.FLOAT32, false), values);
    }
    same(x -> NDArrays.where(x.gt(0), x.gt(1), x.lt(-1)).toType(DataType.FLOAT32, false), values);
  }

  @Test
  void numbersInStepsAreAsManyAsInTheEngine() throws OrtException {
    for (float step : new float[] {0.1f, 0.3f, 0.7f, 0.05f}) {
      same(x -> x.getManager().arange(0f, 2.1f, step).add(x.sum()), 1, 2, 3);
    }
  }

  @Test
  void filesOfNoRows() throws OrtException {
    Map<String, Function<NDArray, NDArray>> bodies =
        Map.of(
            "rows and rest", x -> x.reshape(x.getShape().get(0), -1),
            "rest and last", x -> x.reshape(-1, 6),
            "two of three", x -> x.transpose(0, 2, 1).reshape(x.getShape().get(0), 6, -1),
            "all in one", x -> x.reshape(-1),
            "with a length", x -> x.transpose(1, 0, 2).reshape(x.getShape().get(1), -1));
    for (Map.Entry<String, Function<NDArray, NDArray>> entry : bodies.entrySet()) {
      Block block = block(entry.getValue());
      Path file = export(block, (rows, length) -> List.of(normal(rows, length, 6)), LENGTHS);
      same(block, file, normal(3, 4, 6));
      if (!entry.getKey().equals("rows and rest") && !entry.getKey().equals("two of three")) {
        same(block, file, Evaluation.noRows(normal(1, 4, 6)));
        continue;
      }
      // The engine itself cannot say what is left of nothing; the file can.
      try (Evaluation evaluation = new Evaluation(file)) {
        List<Long> shape =
            evaluation
                .file(List.of("x0"), List.of(Evaluation.noRows(normal(1, 4, 6))))
                .getFirst()
                .shape();
        assertThat(shape.getFirst()).isZero();
      }
    }
  }

  @Test
  void everyOutputIsExportedUnderItsNameOrTheBlockIsRefused() throws OrtException {
    Block two = new LambdaBlock(x -> new NDList(x.head().mul(2), x.head().sum(new int[] {1})));
    ExampleInputs examples = (rows, length) -> List.of(normal(rows, 3));
    refused(two, examples, Optional.empty(), "it returns 2 and the names are [y]");
    Path file = folder.resolve("encoder.onnx");
    OnnxRequest request =
        new OnnxRequest(
            two,
            List.of("x0"),
            List.of("double", "sum"),
            examples,
            Optional.empty(),
            Map.of(),
            WeightType.FLOAT32,
            20);
    new OnnxExporter().export(request, file);
    try (Evaluation evaluation = new Evaluation(file)) {
      List<HostTensor> inputs = List.of(Evaluation.floats(new float[] {1, 2, 3}, 1, 3));
      List<Evaluation.Result> found = evaluation.file(List.of("x0"), inputs);
      assertThat(found.get(0).values()).containsExactly(2, 4, 6);
      assertThat(found.get(1).values()).containsExactly(6);
      assertThat(found.get(1).shape()).containsExactly(1L);
    }
  }

  @Test
  void aComputationIn16BitsIsHeldAgainst16Bits() throws OrtException {
    Block half =
        block(
            x -> {
              NDArray h = x.toType(DataType.FLOAT16, false);
              return h.mul(1.7f).add(0.3f).square().toType(DataType.FLOAT32, false);
            });
    Path file = export(half, (rows, length) -> List.of(normal(rows, 64)), Optional.empty());
    float[] values = new float[64];
    Arrays.fill(values, 0.37f);
    List<HostTensor> inputs = List.of(Evaluation.floats(values, 1, 64));
    try (Evaluation evaluation = new Evaluation(file)) {
      float found = evaluation.file(List.of("x0"), inputs).getFirst().values()[0];
      assertThat(found).isCloseTo(0.862f, org.assertj.core.data.Offset.offset(5e-3f));
    }
  }

  @Test
  void aBlockThatRemembersIsRefused() {
    int[] passes = {0};
    refused(x -> x.add(passes[0]++), "gives something else");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray state = manager.zeros(new Shape(3));
      refused(x -> x.add(state.addi(1)), "gives something else");
      refused(x -> x.add(NDManager.newBaseManager().randomNormal(new Shape(3))), "something else");
    }
  }
}
