package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import mmct.api.graph.ParameterNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The features are those of PyTorch for the same weights; `encoders_golden.py` made the numbers.
class EncoderGoldenTest {
  @ParameterizedTest
  @EnumSource(EncoderContractTest.Kind.class)
  void theSameWeightsGivePyTorchsFeatures(EncoderContractTest.Kind kind) throws IOException {
    JsonNode golden = golden();
    try (NDManager manager = NDManager.newBaseManager()) {
      Block encoder = kind.create(0.1);
      encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 9));
      fillWithWaves(encoder);

      float[][] ids = numbers(golden.get("ids"));
      NDArray input = manager.create(ids).toType(DataType.INT64, false);
      NDArray features =
          encoder
              .forward(new ParameterStore(manager, false), new NDList(input), false)
              .singletonOrThrow();

      float[][] expected = numbers(golden.get(kind.name().toLowerCase(java.util.Locale.ROOT)));
      for (int row = 0; row < expected.length; row++) {
        assertThat(features.get(row).toFloatArray())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(expected[row]);
      }
    }
  }

  private static void fillWithWaves(Block encoder) {
    int p = 0;
    for (Parameter parameter : ParameterNames.of(encoder).values()) {
      float[] values = new float[(int) parameter.getShape().size()];
      for (int i = 0; i < values.length; i++) {
        double scale = parameter.getType() == Parameter.Type.GAMMA ? 1 : 0;
        values[i] = (float) (0.4 * Math.sin(1.7 * i + p) + scale);
      }
      parameter.getArray().set(values);
      p++;
    }
  }

  private static JsonNode golden() throws IOException {
    try (InputStream stream = EncoderGoldenTest.class.getResourceAsStream("encoders_golden.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(stream));
    }
  }

  private static float[][] numbers(JsonNode rows) throws IOException {
    return new ObjectMapper().treeToValue(rows, float[][].class);
  }
}
