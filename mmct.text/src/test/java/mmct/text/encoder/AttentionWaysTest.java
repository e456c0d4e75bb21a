package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import mmct.api.engine.Attention;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.api.graph.ParameterNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An encoder computes and learns the same whichever way it attends.
class AttentionWaysTest {
  private static final long[][] IDS = {
    {2, 9, 6, 10, 5, 8, 3},
    {2, 5, 7, 3, 0, 0, 0},
    {2, 3, 0, 0, 0, 0, 0},
    {2, 4, 4, 4, 7, 3, 0},
  };

  /// The encoders that attend.
  enum Kind {
    BERT {
      @Override
      Block create(double dropout, Attention attention) {
        return new BertEncoder(new BertEncoder.Sizes(11, 0, 3, 16, 4, 24, dropout), attention);
      }
    },
    TRANSFORMER {
      @Override
      Block create(double dropout, Attention attention) {
        return new TransformerEncoder(
            new TransformerEncoder.Sizes(11, 0, 9, 3, 16, 4, dropout), attention);
      }
    };

    abstract Block create(double dropout, Attention attention);
  }

  /// The features by the name `features`, and the gradients by the names of their parameters.
  private static Map<String, float[]> learned(
      Block encoder, Precision precision, int rows, boolean training) {
    Map<String, float[]> learned = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      Torch.seed(5);
      encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 7));
      NDArray ids = manager.create(new Shape(rows, 7), DataType.INT64);
      ids.set(LongStream.range(0, rows * 7L).map(i -> IDS[(int) i / 7][(int) i % 7]).toArray());
      NDArray features;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        try (var _ = Torch.mixedPrecision(precision, Device.cpu())) {
          ParameterStore store = new ParameterStore(manager, false);
          features = encoder.forward(store, new NDList(ids), training).singletonOrThrow();
          features = Torch.toFloat32(features);
        }
        NDArray direction = manager.arange(features.size()).sin().reshape(features.getShape());
        collector.backward(features.mul(direction).sum());
      }
      learned.put("features", features.toFloatArray());
      for (Map.Entry<String, Parameter> each : ParameterNames.of(encoder).entrySet()) {
        learned.put(each.getKey(), each.getValue().getArray().getGradient().toFloatArray());
      }
    }
    return learned;
  }

  private static void same(
      Map<String, float[]> actual, Map<String, float[]> expected, double rounding) {
    assertThat(actual).containsOnlyKeys(expected.keySet()).hasSizeGreaterThan(40);
    expected.forEach(
        (name, values) -> {
          double greatest = 0;
          for (float value : values) {
            greatest = Math.max(greatest, Math.abs(value));
          }
          float most = (float) (rounding * Math.max(greatest, 1));
          assertThat(actual.get(name)).as(name).containsExactly(values, within(most));
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void inFloat32TheSameUpToRounding(Kind kind) {
    for (int rows : new int[] {IDS.length, 1}) {
      same(
          learned(kind.create(0, Attention.fused()), Precision.FLOAT32, rows, true),
          learned(kind.create(0, Attention.singleOperations()), Precision.FLOAT32, rows, true),
          1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void inMixedPrecisionOnAProcessorTheSameBitForBit(Kind kind) {
    same(
        learned(kind.create(0, Attention.fused()), Precision.BF16, IDS.length, true),
        learned(kind.create(0, Attention.singleOperations()), Precision.BF16, IDS.length, true),
        0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsDroppedIsTheSameBitForBit(Kind kind) {
    Block fused = kind.create(0.3, Attention.fused());
    Block single = kind.create(0.3, Attention.singleOperations());
    Map<String, float[]> dropped = learned(fused, Precision.FLOAT32, IDS.length, true);
    same(dropped, learned(single, Precision.FLOAT32, IDS.length, true), 0);
    assertThat(dropped.get("features"))
        .isNotEqualTo(
            learned(kind.create(0, Attention.fused()), Precision.FLOAT32, IDS.length, true)
                .get("features"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void outsideOfTrainingNothingIsDropped(Kind kind) {
    same(
        learned(kind.create(0.3, Attention.fused()), Precision.FLOAT32, IDS.length, false),
        learned(kind.create(0, Attention.fused()), Precision.FLOAT32, IDS.length, true),
        0);
  }
}
