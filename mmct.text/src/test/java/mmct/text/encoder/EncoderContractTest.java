package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every encoder of token ids promises.
class EncoderContractTest {
  private static final int VOCABULARY = 11;
  private static final int PADDING = 0;
  private static final long[] SHORT = {2, 5, 7, 3};
  private static final long[] LONG = {2, 9, 6, 10, 5, 8, 3};

  /// A small one of each kind, without dropout where gradients are compared.
  enum Kind {
    BERT {
      @Override
      Block create(double dropout) {
        return new BertEncoder(new BertEncoder.Sizes(VOCABULARY, PADDING, 2, 8, 2, 12, dropout));
      }
    },
    TRANSFORMER {
      @Override
      Block create(double dropout) {
        return new TransformerEncoder(
            new TransformerEncoder.Sizes(VOCABULARY, PADDING, 9, 2, 8, 2, dropout));
      }
    },
    GRU {
      @Override
      Block create(double dropout) {
        return new GruEncoder(VOCABULARY, PADDING, 5, 8);
      }
    };

    abstract Block create(double dropout);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void paddingNeverChangesAResult(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0.1), manager, DataType.FLOAT32);

      float[] alone = features(encoder, manager, SHORT).toFloatArray();
      float[] together = features(encoder, manager, LONG, SHORT).get(1).toFloatArray();

      assertThat(together).usingComparatorWithPrecision(1e-5f).containsExactly(alone);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aRowOfNothingButPaddingGivesNumbers(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0.1), manager, DataType.FLOAT32);

      NDArray features = features(encoder, manager, new long[] {0, 0, 0}, SHORT);

      assertThat(features.getShape()).isEqualTo(new Shape(2, 8));
      assertThat(features.isNaN().any().getBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void oneRowOfOneTokenIsEnough(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0.1), manager, DataType.FLOAT32);

      NDArray features = features(encoder, manager, new long[] {2});

      assertThat(features.getShape()).isEqualTo(new Shape(1, 8));
      assertThat(features.isNaN().any().getBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void differentTextsGiveDifferentFeatures(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0.1), manager, DataType.FLOAT32);

      NDArray features =
          features(encoder, manager, new long[] {2, 5, 7, 3}, new long[] {2, 7, 5, 3});

      assertThat(features.get(0).sub(features.get(1)).abs().max().getFloat()).isGreaterThan(1e-6f);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void gradientsAreThoseOfFiniteDifferences(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0), manager, DataType.FLOAT64);
      NDArray ids = batch(manager, LONG, SHORT);
      NDArray direction = manager.randomNormal(0, 1, new Shape(2, 8), DataType.FLOAT64);
      ParameterStore store = new ParameterStore(manager, false);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(objective(encoder, store, ids, direction));
      }
      for (Pair<String, Parameter> named : encoder.getParameters()) {
        compareGradient(named, () -> value(encoder, store, ids, direction));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void thePaddingTokensVectorIsZeroAndGetsNoGradient(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0.1), manager, DataType.FLOAT32);
      NDArray ids = batch(manager, LONG, SHORT);
      NDArray direction = manager.randomNormal(new Shape(2, 8));
      ParameterStore store = new ParameterStore(manager, false);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(objective(encoder, store, ids, direction));
      }
      NDArray table = encoder.getParameters().valueAt(0).getArray();

      assertThat(table.get(PADDING).abs().max().getFloat()).isZero();
      assertThat(table.getGradient().get(PADDING).abs().max().getFloat()).isZero();
      assertThat(table.getGradient().get(5).abs().max().getFloat()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void nothingIsLeftInTheParametersManager(Kind kind) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = initialized(kind.create(0.1), manager, DataType.FLOAT32);
      int before = manager.getManagedArrays().size();
      for (boolean training : new boolean[] {true, false}) {
        try (NDManager step = manager.newSubManager()) {
          encoder.forward(
              new ParameterStore(manager, false), new NDList(batch(step, LONG, SHORT)), training);
        }
      }

      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  private static void compareGradient(
      Pair<String, Parameter> named, java.util.function.DoubleSupplier objective) {
    NDArray array = named.getValue().getArray();
    double[] gradient = array.getGradient().toDoubleArray();
    double[] values = array.toDoubleArray();
    double step = 1e-5;
    for (int index : new Random(1).ints(12, 0, values.length).toArray()) {
      double up = at(array, values, index, step, objective);
      double down = at(array, values, index, -step, objective);
      array.set(values);
      assertThat(gradient[index])
          .as("%s[%d]", named.getKey(), index)
          .isCloseTo((up - down) / (2 * step), within(1e-7 + 1e-5 * Math.abs(gradient[index])));
    }
  }

  private static double at(
      NDArray array,
      double[] values,
      int index,
      double step,
      java.util.function.DoubleSupplier objective) {
    double[] moved = values.clone();
    moved[index] += step;
    array.set(moved);
    return objective.getAsDouble();
  }

  private static double value(Block encoder, ParameterStore store, NDArray ids, NDArray direction) {
    return objective(encoder, store, ids, direction).getDouble();
  }

  private static NDArray objective(
      Block encoder, ParameterStore store, NDArray ids, NDArray direction) {
    return encoder.forward(store, new NDList(ids), false).singletonOrThrow().mul(direction).sum();
  }

  private static Block initialized(Block encoder, NDManager manager, DataType type) {
    Engine.getInstance().setRandomSeed(3);
    encoder.initialize(manager, type, new Shape(1, 9));
    return encoder;
  }

  private static NDArray features(Block encoder, NDManager manager, long[]... rows) {
    return encoder
        .forward(new ParameterStore(manager, false), new NDList(batch(manager, rows)), false)
        .singletonOrThrow();
  }

  private static NDArray batch(NDManager manager, long[]... rows) {
    int length = Arrays.stream(rows).mapToInt(row -> row.length).max().orElseThrow();
    long[][] padded =
        Arrays.stream(rows).map(row -> Arrays.copyOf(row, length)).toArray(long[][]::new);
    NDArray ids = manager.create(new Shape(rows.length, length), DataType.INT64);
    ids.set(Arrays.stream(padded).flatMapToLong(Arrays::stream).toArray());
    return ids;
  }
}
