package org.example.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.TrainingIds;
import org.junit.jupiter.api.Test;

class MarginTest {
  private static final Margin MARGIN = new Margin(new MarginOptions("image", "caption", "common"));

  /// Features as they stand in the test; nothing is encoded.
  private record Prepared(Map<String, Features> features, List<String> reasons)
      implements EvaluationContext {
    @Override
    public Features encode(String modality, String space) {
      return features.get(modality);
    }

    @Override
    public void skip(String reason) {
      reasons.add(reason);
    }

    @Override
    public Map<String, Set<String>> encoders() {
      return Map.of("image", Set.of("common"), "caption", Set.of("common"));
    }

    @Override
    public Dataset dataset() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String split() {
      return "val";
    }

    @Override
    public EvaluationContext on(String split) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainingIds trainingIds() {
      return new TrainingIds.Unknown("nothing was trained");
    }

    @Override
    public Catalogue catalogue() {
      return Catalogue.load();
    }

    @Override
    public Device device() {
      return Device.cpu();
    }
  }

  private static EvaluationContext.Features features(int[] samples, float... values) {
    return new EvaluationContext.Features(values, 2, samples);
  }

  @Test
  void partnersThatAgreeAmongStrangersThatDoNotHaveTheWholeMargin() {
    Prepared context =
        new Prepared(
            Map.of(
                "image", features(new int[] {0, 1, 2}, 1, 0, 0, 1, 1, 0),
                "caption", features(new int[] {0, 1}, 1, 0, 0, 1)),
            new ArrayList<>());

    Evaluation evaluation = MARGIN.evaluate(context).orElseThrow();

    assertThat(evaluation.figures().get("together")).isCloseTo(1, within(1e-12));
    assertThat(evaluation.figures().get("margin")).isCloseTo(1, within(1e-12));
    assertThat(evaluation.protocol()).containsEntry("pairs", 2);
  }

  @Test
  void withoutPairsTheReasonIsTold() {
    Prepared context =
        new Prepared(
            Map.of(
                "image", features(new int[] {0}, 1, 0),
                "caption", features(new int[] {1}, 1, 0)),
            new ArrayList<>());

    assertThat(MARGIN.evaluate(context)).isEmpty();
    assertThat(context.reasons()).singleElement().asString().startsWith("margin: no sample has");
  }

  @Test
  void aSpaceThatIsNotThereIsRefusedBeforeTraining() {
    assertThatThrownBy(() -> MARGIN.check(Map.of("image", Set.of("own"))))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "margin compares in the space 'common', but of image there are features in: own");
  }
}
