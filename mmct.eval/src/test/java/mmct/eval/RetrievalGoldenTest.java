package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Retrieval against an independent float64 reference, from the folder in the system property
/// `mmct.fixtures` or the copy among the tests' resources.
class RetrievalGoldenTest {

  @Test
  void figuresAreThoseOfTheReference() throws IOException {
    JsonNode fixture = load("metric-retrieval.json");
    Map<String, Double> figures =
        new RetrievalProvider()
            .create(RetrievalOptions.byDefault())
            .evaluate(table(fixture))
            .orElseThrow()
            .figures();

    check(fixture.get("imageToText"), figures, "image-to-caption.");
    check(fixture.get("textToImage"), figures, "caption-to-image.");
  }

  private static void check(JsonNode expected, Map<String, Double> figures, String direction) {
    Map<String, String> names =
        Map.of(
            "R@1", "R@1", "R@5", "R@5", "R@10", "R@10", "medR", "medianRank", "meanR", "meanRank");
    names.forEach(
        (reference, name) ->
            assertThat(figures.get(direction + name))
                .as(direction + name)
                .isCloseTo(expected.get(reference).doubleValue(), within(1e-9)));
  }

  private static FeatureTable table(JsonNode fixture) {
    int perImage = fixture.get("captionsPerImage").intValue();
    FeatureTable table = FeatureTable.imagesAndCaptions();
    for (int i = 0; i < fixture.get("images").size(); i++) {
      float[][] captions = new float[perImage][];
      for (int j = 0; j < perImage; j++) {
        captions[j] = row(fixture.get("captions").get(i * perImage + j));
      }
      table.sample("image-" + i, FeatureTable.items(row(fixture.get("images").get(i))), captions);
    }
    return table;
  }

  private static float[] row(JsonNode node) {
    float[] row = new float[node.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = node.get(i).floatValue();
    }
    return row;
  }

  private static JsonNode load(String name) throws IOException {
    String folder = System.getProperty("mmct.fixtures");
    try (InputStream in =
        folder == null
            ? RetrievalGoldenTest.class.getResourceAsStream("/fixtures/" + name)
            : Files.newInputStream(Path.of(folder, name))) {
      return new ObjectMapper().readTree(in);
    }
  }
}
