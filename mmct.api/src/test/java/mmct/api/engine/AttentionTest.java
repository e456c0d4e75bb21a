package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Attention by one operation beside that by single ones.
class AttentionTest {
  /// Results and gradients are sums of some ten products of numbers near 1.
  private static final float ROUNDING = 2e-6f;

  /// The row of nothing but padding.
  private static final int PADDED = 1;

  /// Half the distance of neighbouring numbers at the penalty. So far any score is rounded there,
  /// and with it shares, whichever way they are computed.
  private static final float OF_PENALTY = 1f / 2048;

  private final NDManager manager = NDManager.newBaseManager();
  private final Attention single = Attention.singleOperations();
  private final Attention fused = Attention.fused();

  /// Rows, asking tokens, tokens, heads and their width.
  enum Sizes {
    USUAL(3, 7, 7, 2, 8),
    /// Only the first token asks, as in the last layer of an encoder.
    ONE_ASKS(3, 1, 7, 2, 8),
    ONE_ROW(1, 5, 5, 4, 4),
    ONE_TOKEN(1, 1, 1, 1, 4),
    /// More tokens than a kernel takes at a time, and a width that is no power of two.
    MANY_TOKENS(3, 600, 600, 1, 12);

    private final int rows;
    private final int asking;
    private final int tokens;
    private final int heads;
    private final int width;

    Sizes(int rows, int asking, int tokens, int heads, int width) {
      this.rows = rows;
      this.asking = asking;
      this.tokens = tokens;
      this.heads = heads;
      this.width = width;
    }
  }

  /// What attention gives, and what it leaves on queries, keys and values.
  private record Attended(NDArray result, List<NDArray> gradients) {}

  /// Arrays as encoders make them: the first row has no padding, the second nothing but padding,
  /// the rest padding at the end.
  private NDList inputs(Sizes sizes) {
    NDArray penalty = manager.zeros(new Shape(sizes.rows, 1, 1, sizes.tokens));
    for (int row = 1; row < sizes.rows; row++) {
      int present = row == PADDED ? 0 : Math.ceilDiv(sizes.tokens, 2);
      penalty.set(new ai.djl.ndarray.index.NDIndex("%d, 0, 0, %d:".formatted(row, present)), -1e4f);
    }
    return new NDList(
        manager.randomNormal(new Shape(sizes.rows, sizes.asking, sizes.heads, sizes.width)),
        manager.randomNormal(new Shape(sizes.rows, sizes.tokens, sizes.heads, sizes.width)),
        manager.randomNormal(new Shape(sizes.rows, sizes.tokens, sizes.heads, sizes.width)),
        penalty);
  }

  private Attended attended(Attention attention, NDList inputs, Precision precision) {
    return attended(
        inputs, precision, of -> attention.of(of.get(0), of.get(1), of.get(2), of.get(3), 0));
  }

  private Attended attended(
      NDList inputs, Precision precision, Function<NDList, NDArray> attention) {
    Device device = inputs.head().getDevice();
    NDList given = new NDList();
    inputs.forEach(array -> given.add(Torch.alias(array, manager)));
    given.subNDList(0, 3).forEach(array -> array.setRequiresGradient(true));
    NDArray result;
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      try (var _ = Torch.mixedPrecision(precision, device)) {
        result = Torch.toFloat32(attention.apply(given));
      }
      // A direction in which no two elements are alike.
      NDArray direction = manager.arange(result.size()).toDevice(device, false).sin();
      collector.backward(result.mul(direction.reshape(result.getShape())).sum());
    }
    List<NDArray> gradients = new ArrayList<>();
    for (NDArray array : given.subNDList(0, 3)) {
      gradients.add(Torch.gradient(array).orElseThrow());
    }
    return new Attended(result, gradients);
  }

  private static void same(Attended actual, Attended expected, float most) {
    near(actual.result, expected.result, most);
    for (int i = 0; i < 3; i++) {
      near(actual.gradients.get(i), expected.gradients.get(i), most);
    }
  }

  private static void near(NDArray actual, NDArray expected, float most) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    for (int row = 0; row < actual.getShape().get(0); row++) {
      NDArray difference = actual.get(row).sub(expected.get(row)).abs().max();
      assertThat(difference.getFloat())
          .as("row %d", row)
          .isLessThanOrEqualTo(row == PADDED ? OF_PENALTY : most);
    }
  }

  private boolean isFused(NDList inputs, double dropout) {
    return FusedAttention.isFor(
        inputs.get(0), inputs.get(1), inputs.get(2), inputs.get(3), dropout);
  }

  @ParameterizedTest
  @EnumSource(Sizes.class)
  void oneOperationGivesWhatSingleOnesGive(Sizes sizes) {
    NDList inputs = inputs(sizes);
    assertThat(isFused(inputs, 0)).isTrue();
    assertThat(FusedAttention.Operation.LOADED).isPresent();
    same(
        attended(fused, inputs, Precision.FLOAT32),
        attended(single, inputs, Precision.FLOAT32),
        ROUNDING);
  }

  /// Sixteen bits are left to single operations on a processor; the operation has them all the
  // same.
  @ParameterizedTest
  @EnumSource(Sizes.class)
  void inMixedPrecisionTheOperationIsAsNearToFloat32AsSingleOnes(Sizes sizes) {
    FusedAttention.Operation operation = FusedAttention.Operation.LOADED.orElseThrow();
    NDList inputs = inputs(sizes);
    Attended exact = attended(single, inputs, Precision.FLOAT32);
    Attended mixed =
        attended(
            inputs, Precision.BF16, of -> operation.of(of.get(0), of.get(1), of.get(2), of.get(3)));
    Attended byOnes = attended(single, inputs, Precision.BF16);
    assertThat(apart(mixed, exact)).isBetween(1e-6, 1.5 * apart(byOnes, exact));
  }

  /// The distance of all numbers, relative to what is expected.
  private static double apart(Attended actual, Attended expected) {
    double differences = 0;
    double all = 0;
    for (int i = 0; i <= 3; i++) {
      float[] is = (i < 3 ? actual.gradients.get(i) : actual.result).toFloatArray();
      float[] should = (i < 3 ? expected.gradients.get(i) : expected.result).toFloatArray();
      for (int j = 0; j < is.length; j++) {
        differences += Math.pow(is[j] - should[j], 2);
        all += Math.pow(should[j], 2);
      }
    }
    return Math.sqrt(differences / all);
  }

  @Test
  void aProcessorTakesSingleOperationsInSixteenBits() {
    NDList inputs = inputs(Sizes.USUAL);
    NDArray identity = manager.eye(8);
    NDList halves = new NDList();
    try (var _ = Torch.mixedPrecision(Precision.BF16, Device.cpu())) {
      inputs.subNDList(0, 3).forEach(array -> halves.add(array.matMul(identity)));
    }
    halves.add(inputs.get(3));
    assertThat(isFused(halves, 0)).isFalse();
  }

  @Test
  void whatIsDroppedIsDroppedAsBySingleOperations() {
    NDList inputs = inputs(Sizes.USUAL);
    assertThat(isFused(inputs, 0.1)).isFalse();
    NDArray[] dropped =
        Stream.of(fused, single)
            .map(
                attention -> {
                  Torch.seed(4);
                  return attention.of(
                      inputs.get(0), inputs.get(1), inputs.get(2), inputs.get(3), 0.5);
                })
            .toArray(NDArray[]::new);
    assertThat(dropped[0]).isEqualTo(dropped[1]);
    near(
        fused.of(inputs.get(0), inputs.get(1), inputs.get(2), inputs.get(3), 0),
        single.of(inputs.get(0), inputs.get(1), inputs.get(2), inputs.get(3), 0),
        ROUNDING);
  }

  @Test
  void arraysThatOnlyRecordAreLeftToSingleOperations() {
    NDList inputs = inputs(Sizes.USUAL);
    for (int i = 0; i < inputs.size(); i++) {
      NDList some = new NDList(inputs);
      NDArray real = inputs.get(i);
      some.set(
          i,
          (NDArray)
              Proxy.newProxyInstance(
                  NDArray.class.getClassLoader(),
                  new Class<?>[] {NDArray.class},
                  (_, method, arguments) -> method.invoke(real, arguments)));
      assertThat(isFused(some, 0)).as("argument %d", i).isFalse();
    }
  }

  /// libtorch prepares a program anew for inputs with and without gradients, after some calls.
  @Test
  void passesWithAndWithoutGradientsMayFollowEachOther() {
    NDList inputs = inputs(Sizes.USUAL);
    Attended expected = attended(single, inputs, Precision.FLOAT32);
    for (int i = 0; i < 4; i++) {
      try (var _ = Torch.withoutGradient()) {
        NDArray result = fused.of(inputs.get(0), inputs.get(1), inputs.get(2), inputs.get(3), 0);
        assertThat(result.hasGradient()).isFalse();
        near(result, expected.result, ROUNDING);
        // Where inference mode was forced, this could enter no record.
        result.setRequiresGradient(true);
        assertThat(result.mul(result).sum().getFloat()).isPositive();
      }
      same(attended(fused, inputs, Precision.FLOAT32), expected, ROUNDING);
    }
  }

  @Test
  void manyStepsLeaveNothingBehind() {
    NDList inputs = inputs(Sizes.USUAL);
    int before = manager.getManagedArrays().size();
    int inTheFirst = 0;
    for (int i = 0; i < 200; i++) {
      try (NDManager step = manager.newSubManager();
          GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDList given = new NDList();
        inputs.forEach(array -> given.add(Torch.alias(array, step)));
        given.head().setRequiresGradient(true);
        NDArray result = fused.of(given.get(0), given.get(1), given.get(2), given.get(3), 0);
        assertThat(result.getManager()).isSameAs(step);
        collector.backward(result.sum());
        int arrays = step.getManagedArrays().size();
        inTheFirst = i == 0 ? arrays : inTheFirst;
        assertThat(arrays).isEqualTo(inTheFirst);
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  @Test
  void aGpuComputesTheSameWhereThereIsOne() {
    if (!Engine.getInstance().hasCapability(StandardCapabilities.CUDA)) {
      return;
    }
    for (Sizes sizes : Sizes.values()) {
      NDList inputs = inputs(sizes);
      NDList there = inputs.toDevice(Device.gpu(), true);
      assertThat(isFused(there, 0)).isTrue();
      same(
          attended(fused, there, Precision.FLOAT32),
          attended(single, inputs, Precision.FLOAT32),
          10 * ROUNDING);
      Attended exact = attended(single, there, Precision.FLOAT32);
      assertThat(apart(attended(fused, there, Precision.BF16), exact))
          .isBetween(1e-6, 1.5 * apart(attended(single, there, Precision.BF16), exact));
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void float64IsComputedInFloat64() {
    NDList inputs = inputs(Sizes.USUAL);
    NDList wide = new NDList();
    inputs.subNDList(0, 3).forEach(a -> wide.add(a.toType(DataType.FLOAT64, true)));
    wide.add(inputs.get(3));
    assertThat(isFused(wide, 0)).isTrue();
    NDArray result = fused.of(wide.get(0), wide.get(1), wide.get(2), wide.get(3), 0);
    NDArray expected = single.of(wide.get(0), wide.get(1), wide.get(2), wide.get(3), 0);
    assertThat(result.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-7));
  }
}
