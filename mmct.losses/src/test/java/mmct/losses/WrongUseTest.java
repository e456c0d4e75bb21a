package mmct.losses;

import static mmct.losses.Configured.build;
import static mmct.losses.Configured.joint;
import static mmct.losses.Configured.pair;
import static mmct.losses.Configured.refused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A loss that is used wrongly is refused before training, in one sentence that names the key and
/// the value; what holds for all losses alike is in [EveryLossUsedWronglyTest].
class WrongUseTest {
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
            + " (run.yaml:8)",
        joint("margin-ranking") + ", twoWay: true, queue: true");
    refused(
        "objectives.o.modalities must be 2 names but are 1: [text]",
        "loss: margin-ranking, twoWay: true, modalities: [text]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          info-nce         | temperature=0          | temperature must be at least 1e-6 but was 0
          info-nce         | temperature=-0.1       | temperature must be at least 1e-6 but was -0.1
          info-nce         | margin=3               | margin must be at least -2 and at most 2 but was 3
          margin-ranking   | margin=0               | margin must be above 0 and at most 2 but was 0
          margin-ranking   | reduction=median       | one of sum, mean, max but was 'median'
          dcl              | temperature=0          | temperature must be at least 1e-6 but was 0
          dcl              | weightTemperature=0    | weightTemperature must be at least 1e-6 but was 0
          hard-contrastive | temperature=0          | temperature must be at least 1e-6 but was 0
          hard-contrastive | quantile=1.1           | quantile must be at least 0 and at most 1 but was 1.1
          mochi            | temperature=0          | temperature must be at least 1e-6 but was 0
          mochi            | hardest=0              | hardest must be at least 1 but was 0
          mochi            | mixed=-1               | mixed must be at least 0 but was -1
          mochi            | around=clip            | one of info-nce, dcl but was 'clip'
          clip             | temperature=0          | temperature must be at least 1e-6
          clip             | directionWeight=1.5    | directionWeight must be at least 0 and at most 1 but was 1.5
          clip             | labelSmoothing=1       | labelSmoothing must be at least 0 and below 1 but was 1
          albef            | temperature=-1         | temperature must be at least 1e-6 but was -1
          albef            | alpha=2                | alpha must be at least 0 and at most 1 but was 2
          cwcl             | temperature=0          | temperature must be at least 1e-6
          cwcl             | weightTemperature=0    | weightTemperature must be at least 1e-6 but was 0
          cwcl             | reference=query        | one of momentum, backbone but was 'query'
          one-to-k         | temperature=0          | temperature must be at least 1e-6 but was 0
          one-to-k         | views=0                | views must be at least 1 and at most 64 but was 0
          siglip           | scale=0                | scale must be at least 1e-6 and at most 1000000 but was 0
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
}
