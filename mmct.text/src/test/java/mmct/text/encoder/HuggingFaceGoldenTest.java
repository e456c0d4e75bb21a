package mmct.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import mmct.api.io.ElementType;
import mmct.api.io.SafeTensorsWriter;
import mmct.api.training.PretrainedWeights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A file with Hugging Face's names gives the pooled output of its `BertModel`;
/// `hugging_face_golden.py` wrote the names, the shapes and the outputs.
class HuggingFaceGoldenTest {
  private static final int VOCABULARY = 40;

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({"'', weight, bias", "bert., gamma, beta", "encoder., weight, bias"})
  void aFileOfHuggingFacesGivesItsPooledOutput(String prefix, String scale, String shift)
      throws IOException {
    JsonNode golden = golden();
    Path file = file(golden.get("tensors"), prefix, scale, shift);
    try (NDManager manager = NDManager.newBaseManager()) {
      BertEncoder encoder =
          new BertEncoder(new BertEncoder.Sizes(VOCABULARY, 0, 2, 32, 4, 48, 0.1));
      encoder.initialize(manager, DataType.FLOAT32, new Shape(1, 9));

      PretrainedWeights.Taken taken =
          PretrainedWeights.find(file, "caption", warning -> {}).into(encoder);

      assertThat(taken.tensors()).isEqualTo(golden.get("tensors").size());
      assertThat(taken.prefix()).isEqualTo(prefix);
      assertThat(taken.ignored())
          .containsExactlyInAnyOrder("cls.predictions.bias", prefix + "embeddings.position_ids");
      NDArray ids = manager.create(numbers(golden.get("ids"))).toType(DataType.INT64, false);
      NDArray pooled =
          encoder
              .forward(new ParameterStore(manager, false), new NDList(ids), false)
              .singletonOrThrow();
      float[][] expected = numbers(golden.get("pooled"));
      for (int row = 0; row < expected.length; row++) {
        assertThat(pooled.get(row).toFloatArray())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(expected[row]);
      }
    }
  }

  private Path file(JsonNode tensors, String prefix, String scale, String shift)
      throws IOException {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    writer.add(prefix + "embeddings.position_ids", new long[512]);
    for (var tensor : tensors.properties()) {
      String name = tensor.getKey();
      Shape shape = new Shape(new ObjectMapper().treeToValue(tensor.getValue(), long[].class));
      String written =
          name.replace("LayerNorm.weight", "LayerNorm." + scale)
              .replace("LayerNorm.bias", "LayerNorm." + shift);
      writer.add(
          prefix + written, ElementType.F32, shape, channel -> channel.write(hashed(name, shape)));
    }
    writer.add(
        "cls.predictions.bias",
        ElementType.F32,
        new Shape(VOCABULARY),
        channel -> channel.write(ByteBuffer.allocate(4 * VOCABULARY)));
    Path file = temp.resolve("model.safetensors");
    writer.write(file);
    return file;
  }

  /// Weights that look random and are those of `hugging_face_golden.py`.
  private static ByteBuffer hashed(String name, Shape shape) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    int count = Math.toIntExact(shape.size());
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    double mean = name.endsWith("LayerNorm.weight") ? 1 : 0;
    for (int i = 0; i < count; i++) {
      int hash = i * 0x9E3779B1 + (int) crc.getValue();
      hash ^= hash >>> 15;
      hash *= 0x85EBCA77;
      hash ^= hash >>> 13;
      bytes.putFloat((float) ((Integer.toUnsignedLong(hash) / 0x1p32 - 0.5) * 0.5 + mean));
    }
    return bytes.flip();
  }

  private static JsonNode golden() throws IOException {
    try (InputStream json =
        HuggingFaceGoldenTest.class.getResourceAsStream("hugging_face_golden.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  private static float[][] numbers(JsonNode rows) throws IOException {
    return new ObjectMapper().treeToValue(rows, float[][].class);
  }
}
