package mmct.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;
import mmct.eval.encode.EncoderSet;
import mmct.eval.encode.OnnxEncoder;
import mmct.eval.encode.TinyEncoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No evaluation makes a figure of features that are no numbers.
class NonFiniteFeaturesTest {
  @TempDir private Path folder;

  @Test
  void anEvaluationNamesTheSamplesWhoseFeaturesAreNoNumbers() throws IOException {
    Path file = NotANumber.encoder(folder.resolve("nan.onnx"));
    DataSource source =
        DataSource.of(Map.of("good", NotANumber.samples(9), "bad", NotANumber.samples(9, 2, 5)));
    OnnxEncoder encoder = OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load());
    try (EncoderSet set = new EncoderSet(List.of(encoder))) {
      EvaluationContext good = set.before(source, "good", Catalogue.load(), note -> {});
      assertThat(good.encode("text", "").items()).isEqualTo(9);
      assertThatThrownBy(() -> good.on("bad").encode("text", ""))
          .isInstanceOf(MmctException.class)
          .hasMessage(
              "the features of text from %s are NaN or infinite in 2 of 9 rows, that of sample 's2', sample 's5'"
                  .formatted(file));
    }
  }

  @Test
  void everyKindOfValueThatIsNoNumberIsFound() {
    float[] values = {1, 2, Float.NaN, 0, 3, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -0f};
    assertThat(new Features(values, 2, new int[] {0, 1, 2, 3}).nonFinite()).containsExactly(1, 2);
  }
}
