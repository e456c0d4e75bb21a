package mmct.vision.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.graph.ParameterNames;
import mmct.vision.EncoderOptions;
import mmct.vision.EncoderOptions.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Weights of torchvision's networks fit without renaming.
class ResNetNamesTest {
  @ParameterizedTest
  @CsvSource({
    "RESNET18, 512, 11176512", // 11,689,512 with torchvision's classifier
    "RESNET34, 512, 21284672", // 21,797,672
    "RESNET50, 2048, 23508032", // 25,557,032
    "RESNET101, 2048, 42500160" // 44,549,160
  })
  void countsAsTorchvisionDoesLessTheClassifier(Type type, int width, long parameters) {
    ResNet network = ResNet.of(new EncoderOptions(type, false, false));
    Map<String, Shape> shapes = shapes(network);

    long trained =
        shapes.entrySet().stream()
            .filter(entry -> !entry.getKey().contains("running"))
            .mapToLong(entry -> entry.getValue().size())
            .sum();
    assertThat(trained).isEqualTo(parameters);
    assertThat(network.width()).isEqualTo(width);
  }

  @Test
  void resnet18HasTorchvisionsNamesAndShapesInItsOrder() {
    Map<String, Shape> shapes = shapes(ResNet.of(new EncoderOptions(Type.RESNET18, false, false)));

    assertThat(List.copyOf(shapes.entrySet()))
        .isEqualTo(List.copyOf(expected(false, 2, 2, 2, 2).entrySet()));
    assertThat(shapes).hasSize(100).containsKey("layer2.0.downsample.0.weight");
  }

  @Test
  void resnet50HasTorchvisionsNamesAndShapesInItsOrder() {
    Map<String, Shape> shapes = shapes(ResNet.of(new EncoderOptions(Type.RESNET50, false, false)));

    assertThat(List.copyOf(shapes.entrySet()))
        .isEqualTo(List.copyOf(expected(true, 3, 4, 6, 3).entrySet()));
    assertThat(shapes).hasSize(265).containsKey("layer1.0.downsample.1.running_var");
  }

  @Test
  void stemForSmallImagesChangesOneShapeAndNoName() {
    Map<String, Shape> usual = shapes(ResNet.of(new EncoderOptions(Type.RESNET18, false, false)));
    Map<String, Shape> small = shapes(ResNet.of(new EncoderOptions(Type.RESNET18, false, true)));

    usual.put("conv1.weight", new Shape(64, 3, 3, 3));
    assertThat(small).isEqualTo(usual);
  }

  private static Map<String, Shape> shapes(ResNet network) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager()) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      ParameterNames.of(network)
          .forEach((name, parameter) -> shapes.put(name, parameter.getArray().getShape()));
    }
    return shapes;
  }

  /// The rule by which `torchvision.models.resnet` names its state.
  private static Map<String, Shape> expected(boolean bottleneck, int... depths) {
    Map<String, Shape> names = new LinkedHashMap<>();
    convolution(names, "conv1", "bn1", 64, 3, 7);
    int inputs = 64;
    for (int stage = 1; stage <= depths.length; stage++) {
      int width = 64 << (stage - 1);
      int outputs = bottleneck ? 4 * width : width;
      for (int i = 0; i < depths[stage - 1]; i++) {
        String block = "layer" + stage + "." + i + ".";
        convolution(names, block + "conv1", block + "bn1", width, inputs, bottleneck ? 1 : 3);
        convolution(names, block + "conv2", block + "bn2", width, width, 3);
        if (bottleneck) {
          convolution(names, block + "conv3", block + "bn3", outputs, width, 1);
        }
        if (i == 0 && (stage > 1 || bottleneck)) {
          convolution(names, block + "downsample.0", block + "downsample.1", outputs, inputs, 1);
        }
        inputs = outputs;
      }
    }
    return names;
  }

  private static void convolution(
      Map<String, Shape> names, String name, String norm, int outputs, int inputs, int kernel) {
    names.put(name + ".weight", new Shape(outputs, inputs, kernel, kernel));
    for (String part : List.of("weight", "bias", "running_mean", "running_var")) {
      names.put(norm + "." + part, new Shape(outputs));
    }
  }
}
