package mmct.vision.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.LongStream;
import mmct.api.io.ElementType;
import mmct.api.io.SafeTensorsWriter;
import mmct.api.training.PretrainedWeights;
import mmct.vision.EncoderOptions;
import mmct.vision.EncoderOptions.Type;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A file with torchvision's names gives torchvision's features; `torchvision_golden.py` wrote the
/// names, the shapes and the features.
class TorchvisionGoldenTest {
  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {"RESNET18", "RESNET50"})
  void aFileOfTorchvisionsGivesItsFeatures(Type type) throws IOException {
    JsonNode golden = golden(type);
    Path file = file(golden.get("tensors"));
    try (NDManager manager = NDManager.newBaseManager()) {
      ResNet network = ResNet.of(new EncoderOptions(type, false, false));
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));

      PretrainedWeights.Taken taken =
          PretrainedWeights.find(file, "image", warning -> {}).into(network);

      int normalisations = type == Type.RESNET18 ? 20 : 53;
      assertThat(taken.tensors()).isEqualTo(5 * normalisations);
      assertThat(taken.ignored())
          .hasSize(normalisations + 2)
          .contains("module.fc.weight", "module.bn1.num_batches_tracked");
      float[] pictures = HashedWeights.uniform("pictures", 2 * 3 * 64 * 64, 4, 0);
      NDArray features =
          network
              .forward(
                  new ParameterStore(manager, false),
                  new NDList(manager.create(pictures, new Shape(2, 3, 64, 64))),
                  false)
              .singletonOrThrow()
              .get(":, ::" + golden.get("every"));
      assertSame(features, golden.get("features"));
    }
  }

  private static void assertSame(NDArray features, JsonNode golden) {
    double largest = features.abs().max().getFloat();
    for (int row = 0; row < golden.size(); row++) {
      float[] actual = features.get(row).toFloatArray();
      assertThat(actual).hasSize(golden.get(row).size());
      for (int i = 0; i < actual.length; i++) {
        assertThat((double) actual[i])
            .isCloseTo(golden.get(row).get(i).doubleValue(), within(1e-5 * largest));
      }
    }
  }

  /// The file that Python would have saved, with the prefix of a model on several devices.
  private Path file(JsonNode tensors) {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    tensors
        .properties()
        .forEach(
            tensor -> {
              Shape shape =
                  new Shape(
                      LongStream.range(0, tensor.getValue().size())
                          .map(i -> tensor.getValue().get((int) i).longValue())
                          .toArray());
              String name = tensor.getKey();
              if (name.endsWith("num_batches_tracked")) {
                writer.add("module." + name, new long[] {7});
              } else {
                writer.add(
                    "module." + name,
                    ElementType.F32,
                    shape,
                    channel -> channel.write(HashedWeights.tensor(name, shape)));
              }
            });
    Path file = temp.resolve("model.safetensors");
    writer.write(file);
    return file;
  }

  private static JsonNode golden(Type type) throws IOException {
    try (InputStream json =
        TorchvisionGoldenTest.class.getResourceAsStream("torchvision_golden.json")) {
      return Objects.requireNonNull(
          new ObjectMapper().readTree(json).get(type.name().toLowerCase(Locale.ROOT)));
    }
  }
}
