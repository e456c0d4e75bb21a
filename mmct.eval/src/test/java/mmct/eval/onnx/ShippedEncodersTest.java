package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import mmct.api.graph.Encoder;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every encoder of the toolkit leaves as an ONNX file that computes the same.
class ShippedEncodersTest {
  private static final int PADDING = 0;
  private static final int VOCABULARY = 20;

  @TempDir Path folder;

  private ExportReport export(String type, String settings, ExampleInputs examples) {
    return export(type, settings, examples, Optional.empty());
  }

  private ExportReport export(
      String type, String settings, ExampleInputs examples, Optional<Lengths> lengths) {
    try (NDManager manager = NDManager.newBaseManager()) {
      OnnxRequest request =
          Examples.request(Shipped.backbone(type, settings, manager), examples, lengths);
      return OnnxExporter.hasty().export(request, folder.resolve("encoder.onnx"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet34", "resnet50", "resnet101"})
  void aResidualNetwork(String network) {
    ExportReport report =
        export("image", "{encoder: %s, size: 64}".formatted(network), Examples.floats(3, 64, 64));
    assertThat(report.largestDifference()).isLessThan(1e-4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{encoder: bert-small, maxLength: 40}",
        "{encoder: transformer, maxLength: 40}",
        "{encoder: {type: gru, width: 32, words: 16}, maxLength: 40}"
      })
  void aTextEncoder(String settings) {
    Optional<Lengths> lengths = Optional.of(new Lengths(1, 40, "length"));
    ExportReport report = export("text", settings, Examples.ids(VOCABULARY, PADDING), lengths);
    assertThat(report.largestDifference()).isLessThan(1e-4);
  }

  @Test
  void aTagEncoder() {
    assertThat(export("tags", "{encoder: bag}", Examples.floats(5)).largestDifference())
        .isLessThan(1e-4);
  }

  @ParameterizedTest
  @EnumSource
  void anEncoderWithItsHead(SpaceConfig.Norm norm) {
    GraphSpec spec =
        GraphSpec.builder()
            .modality("tags", Shipped.modality("tags", "{encoder: bag}"))
            .space("common", new SpaceConfig(8, 16, norm, Optional.empty()))
            .objective("tt", Shipped.loss("info-nce"), "tags", "tags", "common", 1)
            .queue(16)
            .build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 1, 10)) {
      Encoder encoder = Objects.requireNonNull(graph.queryEncoders().get("tags"));
      SequentialBlock both =
          new SequentialBlock().add(encoder.backbone()).add(encoder.head("common"));
      OnnxRequest request = Examples.request(both, Examples.floats(5));
      ExportReport report = new OnnxExporter().export(request, folder.resolve("encoder.onnx"));
      assertThat(report.largestDifference()).isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet50", "resnet101"})
  void aResidualNetworkInHalfPrecision(String network) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block =
          Shipped.backbone("image", "{encoder: %s, size: 64}".formatted(network), manager);
      ExportReport report = exportHalf(block, Examples.floats(3, 64, 64), Optional.empty());
      assertThat(report.largestDifference()).isBetween(1e-5, 2e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-small", "transformer", "gru"})
  void aTextEncoderInHalfPrecision(String type) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block block = Shipped.backbone("text", "{encoder: %s}".formatted(type), manager);
      Optional<Lengths> lengths = Optional.of(new Lengths(1, 40, "length"));
      ExportReport report = exportHalf(block, Examples.ids(VOCABULARY, PADDING), lengths);
      assertThat(report.largestDifference()).isBetween(1e-5, 2e-3);
    }
  }

  private ExportReport exportHalf(Block block, ExampleInputs examples, Optional<Lengths> lengths) {
    OnnxRequest full = Examples.request(block, examples, lengths);
    OnnxRequest half =
        new OnnxRequest(
            block,
            full.inputNames(),
            full.outputName(),
            examples,
            lengths,
            full.metadata(),
            WeightType.FLOAT16);
    return OnnxExporter.hasty().export(half, folder.resolve("encoder.onnx"));
  }

  /// The two large ones that a paper's run exports, at their full size.
  @Test
  void resNet50AndBertBaseAtTheirFullSize() {
    long start = System.nanoTime();
    export("image", "{encoder: resnet50, size: 224}", Examples.floats(3, 224, 224));
    Optional<Lengths> lengths = Optional.of(new Lengths(1, 40, "length"));
    export("text", "{encoder: bert-base}", Examples.ids(VOCABULARY, PADDING), lengths);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    // On two free cores it is about ten seconds.
    assertThat(taken).isLessThan(Duration.ofSeconds(90));
  }
}
