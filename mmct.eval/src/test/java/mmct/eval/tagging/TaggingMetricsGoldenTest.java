package mmct.eval.tagging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The parts of tagging against an independent float64 reference.
class TaggingMetricsGoldenTest {

  @Test
  void pointwiseMutualInformationIsThatOfTheReference() throws IOException {
    JsonNode fixture = Fixture.load("metric-ppmi.json");
    JsonNode expected = fixture.get("ppmi");
    double[][] ppmi = Ppmi.of(Fixture.ones(fixture.get("tags")), expected.size()).dense();
    for (int i = 0; i < ppmi.length; i++) {
      for (int j = 0; j < ppmi.length; j++) {
        assertThat(ppmi[i][j])
            .as("%d, %d", i, j)
            .isCloseTo(expected.get(i).get(j).doubleValue(), within(1e-12));
      }
    }
  }

  @Test
  void overlapsAreThoseOfTheReference() throws IOException {
    JsonNode fixture = Fixture.load("metric-miou.json");
    List<int[]> truths = Fixture.ones(fixture.get("truth"));
    assertThat(fixture.get("mIOU")).isNotEmpty();
    for (Map.Entry<String, JsonNode> figure : fixture.get("mIOU").properties()) {
      List<Integer> cutoff = List.of(Integer.parseInt(figure.getKey()));
      double sum = 0;
      for (int i = 0; i < truths.size(); i++) {
        sum += TagFigures.overlap(row(fixture.get("scores").get(i)), truths.get(i), cutoff)[0];
      }
      assertThat(sum / truths.size())
          .as("mIOU@" + figure.getKey())
          .isCloseTo(figure.getValue().doubleValue(), within(1e-9));
    }
  }

  private static float[] row(JsonNode node) {
    float[] row = new float[node.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = node.get(i).floatValue();
    }
    return row;
  }
}
