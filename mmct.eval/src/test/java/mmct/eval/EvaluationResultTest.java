package mmct.eval;

import static mmct.eval.FeatureTable.item;
import static mmct.eval.FeatureTable.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import mmct.api.spi.Evaluation;
import org.junit.jupiter.api.Test;

/// The content of a result file.
class EvaluationResultTest {

  @Test
  void everythingThatIsNeededToRepeatItIsWritten() throws IOException {
    FeatureTable table =
        FeatureTable.imagesAndCaptions()
            .sample("a", items(item(1, 0)), items(item(1, 0)))
            .sample("b", items(item(0, 1)), items(item(0, 1)));
    Evaluation evaluation =
        new RetrievalProvider().create(RetrievalOptions.byDefault()).evaluate(table).orElseThrow();
    EvaluationResult result =
        new EvaluationResult("retrieval", evaluation, "0123abcd", "test", 7, "runs/first");

    JsonNode json = new ObjectMapper().valueToTree(result.toMap());

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("name", "figures", "protocol", "data", "seed", "run");
    assertThat(json.get("name").asText()).isEqualTo("retrieval");
    assertThat(json.at("/figures/image-to-caption.R@1").asDouble()).isEqualTo(100);
    assertThat(json.at("/protocol/chance/image-to-caption.R@1").asDouble()).isEqualTo(50);
    assertThat(json.at("/protocol/items/caption").asInt()).isEqualTo(2);
    assertThat(json.at("/data/fingerprint").asText()).isEqualTo("0123abcd");
    assertThat(json.at("/data/split").asText()).isEqualTo("test");
    assertThat(json.get("seed").asLong()).isEqualTo(7);
    assertThat(json.get("run").asText()).isEqualTo("runs/first");
  }
}
