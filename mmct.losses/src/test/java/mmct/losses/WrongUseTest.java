package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Setting;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Columns;
import mmct.api.data.View;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.api.spi.PositivesProvider;
import mmct.api.spi.PositivesRule;
import mmct.api.spi.Provider;
import mmct.api.training.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A loss that is used wrongly is refused before training, in one sentence that names the key and
/// the value.
class WrongUseTest {
  private static final String YAML =
      """
      modalities:
        image: { type: vectors }
        text: { type: vectors }
      spaces:
        common: { width: 4, hidden: 0 }
      objectives:
        o: { %s, space: common }
      queue: 8
      """;

  private static void build(String objective, String... assignments) {
    Settings settings = YamlReader.read(YAML.formatted(objective), "run.yaml");
    for (String assignment : assignments) {
      settings = Settings.assignment(assignment).over(settings);
    }
    List<Provider<?>> providers = new ArrayList<>(Catalogue.load().all().get("loss"));
    providers.add(new VectorsProvider());
    providers.add(new NobodyProvider());
    Resolution resolution = new Resolution(settings, Catalogue.of(providers));
    Map<String, Modality> created = new LinkedHashMap<>();
    created.put("image", new Vectors64(5));
    created.put("text", new Vectors64(6));
    TrainingGraph.create(resolution.graph(created), Device.cpu(), 1, 10).close();
  }

  private static void refused(String message, String objective, String... assignments) {
    assertThatThrownBy(() -> build(objective, assignments))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static String pair(String loss) {
    return "loss: %s, query: image, key: text".formatted(loss);
  }

  private static String joint(String loss) {
    return "loss: %s, modalities: [image, text]".formatted(loss);
  }

  @ParameterizedTest
  @ValueSource(strings = {"info-nce", "margin-ranking", "dcl", "mochi", "hard-contrastive"})
  void lossesOfAQueueNeedCandidates(String loss) {
    build(pair(loss));
    build("loss: %s, query: image, key: image".formatted(loss));
    build(pair(loss) + ", queue: false, inBatchNegatives: true");
    refused(
        "objectives.o has no keys to compare its queries with: give it a queue (queue was 8) or set"
            + " inBatchNegatives",
        pair(loss) + ", queue: false");
    refused("give it a queue (queue was 0) or set inBatchNegatives", pair(loss), "queue=0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "albef", "cwcl", "siglip"})
  void lossesBetweenTwoModalitiesNeedTwo(String loss) {
    build(joint(loss));
    build(pair(loss));
    build(joint(loss), "queue=0");
    refused(
        "objectives.o.modalities must be 2 names but are 1: [image]",
        "loss: %s, modalities: [image]".formatted(loss));
    refused(
        "objectives.o.modalities must differ but are [image, image]",
        "loss: %s, query: image, key: image".formatted(loss));
    refused(
        "objectives.o.inBatchNegatives is set but its loss chooses its negatives itself",
        joint(loss) + ", inBatchNegatives: true");
  }

  @Test
  void allViewsOfARowAreOfAnotherModality() {
    build(pair("one-to-k"));
    refused(
        "objectives.o compares two modalities but its query and its key are both 'text'",
        "loss: one-to-k, query: text, key: text");
    refused(
        "objectives.o compares one query with one key but names 1 modalities [text]",
        "loss: one-to-k, modalities: [text]");
  }

  @Test
  void theTwoWayHingeIsOfTwoModalitiesAndWithoutAQueue() {
    build(joint("margin-ranking") + ", twoWay: true");
    refused(
        "objectives.o.queue is true but the loss 'margin-ranking' has no use for a queue"
            + " (run.yaml:7)",
        joint("margin-ranking") + ", twoWay: true, queue: true");
    refused(
        "objectives.o.modalities must be 2 names but are 1: [text]",
        "loss: margin-ranking, twoWay: true, modalities: [text]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "cwcl", "siglip", "one-to-k"})
  void aQueueThatALossHasNoUseForIsRefused(String loss) {
    build(pair(loss) + ", queue: false");
    refused(
        "objectives.o.queue is true but the loss '%s' has no use for a queue (run.yaml:7)"
            .formatted(loss),
        pair(loss) + ", queue: true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "margin-ranking",
        "dcl",
        "hard-contrastive",
        "clip",
        "albef",
        "cwcl",
        "siglip",
        "one-to-k"
      })
  void positivesThatALossHasNoUseForAreRefused(String loss) {
    refused(
        "objectives.o.positives is set but its loss has no use for it",
        pair(loss) + ", positives: { type: nobody }");
  }

  @Test
  void anUnknownRuleIsToldWithThoseThereAre() {
    build(pair("info-nce") + ", positives: { type: nobody }");
    refused(
        "objectives.o.positives.type: there is no positives rule 'somebody'; available: nobody",
        pair("info-nce") + ", positives: { type: somebody }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          info-nce         | temperature=0          | temperature must be above 0 but was 0
          info-nce         | temperature=-0.1       | temperature must be above 0 but was -0.1
          info-nce         | margin=3               | margin must be at least -2 and at most 2 but was 3
          margin-ranking   | margin=0               | margin must be above 0 and at most 2 but was 0
          margin-ranking   | reduction=median       | one of sum, mean, max but was 'median'
          dcl              | temperature=0          | temperature must be above 0 but was 0
          dcl              | weightTemperature=0    | weightTemperature must be above 0 but was 0
          hard-contrastive | temperature=0          | temperature must be above 0 but was 0
          hard-contrastive | quantile=1.1           | quantile must be at least 0 and at most 1 but was 1.1
          mochi            | temperature=0          | temperature must be above 0 but was 0
          mochi            | hardest=0              | hardest must be at least 1 but was 0
          mochi            | mixed=-1               | mixed must be at least 0 but was -1
          mochi            | around=clip            | one of info-nce, dcl but was 'clip'
          clip             | temperature=0          | temperature must be above 0
          clip             | directionWeight=1.5    | directionWeight must be at least 0 and at most 1 but was 1.5
          clip             | labelSmoothing=1       | labelSmoothing must be at least 0 and below 1 but was 1
          albef            | temperature=-1         | temperature must be above 0 but was -1
          albef            | alpha=2                | alpha must be at least 0 and at most 1 but was 2
          cwcl             | temperature=0          | temperature must be above 0
          cwcl             | weightTemperature=0    | weightTemperature must be above 0 but was 0
          cwcl             | reference=query        | one of momentum, backbone but was 'query'
          one-to-k         | temperature=0          | temperature must be above 0 but was 0
          one-to-k         | views=0                | views must be at least 1 and at most 64 but was 0
          siglip           | scale=0                | scale must be above 0 but was 0
          """)
  void anOptionOutOfRangeIsToldWithItsRange(String loss, String assignment, String message) {
    refused(message, pair(loss), "objectives.o." + assignment);
    refused("objectives.o", pair(loss), "objectives.o." + assignment);
    refused("--set objectives.o." + assignment, pair(loss), "objectives.o." + assignment);
  }

  @Test
  void aLearnedTemperatureStartsWithinItsBounds() {
    refused(
        "objectives.o: a learned temperature must be from lowestTemperature 0.01 to 100.0 but was"
            + " 0.001",
        joint("clip") + ", temperature: 0.001");
    refused(
        "objectives.o: a learned temperature must be from lowestTemperature 0.001 to 0.5 but was"
            + " 0.7",
        joint("albef") + ", temperature: 0.7");
    build(joint("clip") + ", temperature: 0.001, learnTemperature: false");
  }

  /// Options of nothing.
  public record NoOptions(@Setting(value = "Of no consequence.", byDefault = "0") int nothing) {}

  private static final class VectorsProvider implements ModalityProvider<NoOptions> {
    @Override
    public String name() {
      return "vectors";
    }

    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "vectors";
    }

    @Override
    public Columns columns() {
      return new Columns(List.of("vector"), Columns.Kind.NUMBERS);
    }

    @Override
    public Modality create(NoOptions options, ModalityContext context) {
      return new Vectors64(5);
    }
  }

  private static final class NobodyProvider implements PositivesProvider<NoOptions> {
    @Override
    public String name() {
      return "nobody";
    }

    @Override
    public Class<NoOptions> options() {
      return NoOptions.class;
    }

    @Override
    public String description() {
      return "no row is a positive";
    }

    @Override
    public PositivesRule create(NoOptions options) {
      return new Nobody();
    }
  }

  private record Nobody() implements PositivesRule {
    @Override
    public String of() {
      return "text";
    }

    @Override
    public int[] marks(View view) {
      return new int[0];
    }

    @Override
    public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
      return queries.stream().map(query -> new BitSet()).toList();
    }
  }
}
