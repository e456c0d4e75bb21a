package mmct.eval.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
      ExportReport report = new OnnxExporter().export(request, folder.resolve("encoder.onnx"));
      System.out.println("Report " + settings + report);
      return report;
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
}
