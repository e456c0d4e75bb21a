package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a linear probe reports of features that are written down.
class ProbeTest {

  @Test
  void theCatalogueFindsItByName() {
    assertThat(Catalogue.load().evaluator("probe")).isInstanceOf(ProbeProvider.class);
  }

  @Test
  void nothingWrittenIsTheDefault() {
    assertThat(Settings.empty().bind(ProbeOptions.class)).isEqualTo(ProbeOptions.byDefault());
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper", "moco", "virtex"})
  void classesThatALineSeparatesAreAllFound(String protocol) {
    SplitTable table = SplitTable.gaussian(3, 300, 150, 8, 20, 1);
    Evaluation evaluation = evaluate(table, Map.of("protocol", protocol));
    assertThat(evaluation.figures())
        .containsEntry("top1", 100.0)
        .containsEntry("perClass", 100.0)
        .containsEntry("deviation.top1", 0.0)
        .doesNotContainKey("top5");
    assertThat(evaluation.protocol())
        .containsEntry("protocol", protocol)
        .doesNotContainKey("paper");
  }

  @Test
  void featuresThatSayNothingGiveChance() {
    SplitTable table = SplitTable.gaussian(10, 1000, 2000, 16, 0, 2);
    Evaluation evaluation = evaluate(table, Map.of("protocol", "virtex"));
    assertThat(evaluation.figures().get("top1")).isCloseTo(10, within(2.5));
    assertThat(evaluation.figures().get("top5")).isCloseTo(50, within(4.0));
    assertThat(evaluation.protocol())
        .containsEntry("chance", Map.of("top1", 10.0, "top5", 50.0, "perClass", 10.0));
  }

  @Test
  void theSameProbeOfTheSameFeaturesGivesTheSameFigures() {
    SplitTable table = SplitTable.gaussian(4, 400, 200, 8, 1, 3);
    assertThat(evaluate(table, Map.of())).isEqualTo(evaluate(table, Map.of()));
  }

  @Test
  void seedsDifferAndTheirDeviationIsReportedUnlessThereIsOnlyOne() {
    SplitTable table = SplitTable.gaussian(6, 300, 300, 8, 1, 4);
    assertThat(evaluate(table, Map.of("epochs", 3)).figures().get("deviation.top1")).isPositive();
    assertThat(evaluate(table, Map.of("epochs", 3, "seeds", 1)).figures())
        .containsOnlyKeys("top1", "top5", "perClass");
  }

  @Test
  void theTableOfTheClassesAddsUpToTheFigures() {
    SplitTable table = SplitTable.gaussian(3, 300, 90, 4, 2, 5);
    table.add("test", "one more", "class-0", -9, 9, 9, 0);
    Evaluation evaluation = evaluate(table, Map.of());
    assertThat(evaluation.protocol().get("perClass")).isInstanceOf(Map.class);
    double sum = 0;
    double right = 0;
    for (Object row : ((Map<?, ?>) evaluation.protocol().get("perClass")).values()) {
      double accuracy = ((Number) ((Map<?, ?>) row).get("top1")).doubleValue();
      sum += accuracy / 3;
      right += accuracy * ((Number) ((Map<?, ?>) row).get("items")).intValue() / 91;
    }
    assertThat(evaluation.figures().get("perClass")).isCloseTo(sum, within(1e-9));
    assertThat(evaluation.figures().get("top1")).isCloseTo(right, within(1e-9));
  }

  @Test
  void theProtocolSaysWhatTheNumbersDependOn() {
    SplitTable table =
        new SplitTable()
            .add("train", "a", "x", 1, 0)
            .add("train", "b", "y", 0, 1)
            .add("train", "c", Optional.empty(), 1, 1)
            .add("test", "d", "x", 1, 0)
            .add("test", "a", "y", 0, 1)
            .add("test", "e", "new", 0, 1)
            .add("test", "f", Optional.empty(), 0, 1)
            .add("test", new Sample("g", Map.of(), Optional.of("x")))
            .trainedOn("d", "f", "elsewhere");
    Evaluation evaluation = evaluate(table, Map.of());
    assertThat(evaluation.protocol())
        .containsEntry("modality", "image")
        .containsEntry("space", "backbone")
        .containsEntry("classes", 3)
        .containsEntry(
            "train",
            Map.of(
                "split", "train", "datasetSamples", 3, "unlabelled", 1, "samples", 2, "items", 2))
        .containsEntry(
            "test",
            Map.of("split", "test", "datasetSamples", 5, "unlabelled", 1, "samples", 3, "items", 3))
        .containsEntry("unseenClasses", 1)
        .containsEntry("unseenClassSamples", 1)
        .containsEntry("trainingOverlap", 1)
        .containsEntry("trainSplitOverlap", 1)
        .containsEntry("epochs", 60)
        .containsEntry("batch", 256)
        .containsEntry("lr", 30.0)
        .containsEntry("seeds", 3);
    // Nobody could learn the third class: its sample is a mistake.
    assertThat(evaluation.figures().get("top1")).isCloseTo(200.0 / 3, within(1e-9));
  }

  @Test
  void whatIsChangedInAProtocolIsNotCalledByItsName() {
    SplitTable table = SplitTable.gaussian(2, 40, 20, 4, 9, 6);
    assertThat(evaluate(table, Map.of("lr", 1.0, "epochs", 2)).protocol())
        .containsEntry("protocol", "paper, changed")
        .containsEntry("lr", 1.0)
        .containsEntry("epochs", 2);
  }

  @Test
  void classesComeFromTheColumnThatIsNamed() {
    SplitTable table = new SplitTable();
    for (String split : new String[] {"train", "test"}) {
      table.add(split, named(split + 1, "left", "no matter", 1, 0));
      table.add(split, named(split + 2, "right", "no matter", 0, 1));
    }
    Evaluator evaluator =
        new ProbeProvider().create(Settings.of(Map.of("label", "side")).bind(ProbeOptions.class));
    assertThat(evaluator.columns().get("label").names()).containsExactly("side");
    assertThat(evaluator.evaluate(table).orElseThrow().figures()).containsEntry("top1", 100.0);
  }

  private static Sample named(String id, String side, String label, double... feature) {
    return new Sample(
        id,
        Map.of("image", SplitTable.cell(feature), "label", Cell.Strings.of(side)),
        Optional.of(label));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one class    | the probe needs at least 2 classes but all 2 samples of split 'train' that have one are 'x'
          no class     | the probe needs classes but no sample of split 'test' has one (a table gives them in a column label or class, a folder as SPLIT/CLASS/FILE)
          no train     | the probe learns from a split of its own (train): there is no split 'train'; splits: test
          no image     | the probe needs samples of a modality with an encoder (image) but split 'test' has none
          judged train | the probe learns from split 'train', so another one must be judged
          """)
  void dataThatCannotBeProbedAreToldInOneSentence(String which, String sentence) {
    SplitTable table = new SplitTable();
    if (!which.equals("no train")) {
      table.add("train", "a", "x", 1).add("train", "b", which.equals("one class") ? "x" : "y", 2);
    }
    switch (which) {
      case "no class" -> table.add("test", "c", Optional.empty(), 1);
      case "no image" -> table.add("test", new Sample("c", Map.of(), Optional.of("x")));
      default -> table.add("test", "c", "x", 1);
    }
    Evaluator evaluator = new ProbeProvider().create(ProbeOptions.byDefault());
    assertThat(evaluator.evaluate(which.equals("judged train") ? table.on("train") : table))
        .isEmpty();
    assertThat(table.notes).containsExactly(sentence);
  }

  @Test
  void severalModalitiesAreAChoiceThatTheUserHasToMake() {
    SplitTable table = new SplitTable().encoder("caption", "common");
    for (String split : new String[] {"train", "test"}) {
      for (int i = 0; i < 2; i++) {
        table.add(
            split,
            new Sample(
                split + i,
                Map.of("image", SplitTable.cell(0, 1), "caption", SplitTable.cell(i, 1 - i)),
                Optional.of("class-" + i)));
      }
    }
    assertThatThrownBy(() -> evaluate(table, Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "the probe classifies the features of one modality but the samples have image and"
                + " caption; name one with --set modality=image");
    assertThat(evaluate(table, Map.of("modality", "caption")).figures())
        .containsEntry("top1", 100.0);
  }

  @Test
  void aModalityOrSpaceThatIsNotThereIsRefusedBeforeTraining() {
    Evaluator modality =
        new ProbeProvider()
            .create(Settings.of(Map.of("modality", "sound")).bind(ProbeOptions.class));
    assertThatThrownBy(() -> modality.check(new SplitTable().encoders()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("modality of the probe must be one with an encoder (image) but was 'sound'");
    Evaluator space =
        new ProbeProvider().create(Settings.of(Map.of("space", "moon")).bind(ProbeOptions.class));
    assertThatThrownBy(() -> space.check(new SplitTable().encoders()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("space of the probe must be one that an encoder projects into");
  }

  @Test
  void featuresThatAreNotFiniteAreToldWithTheirSample() {
    SplitTable table = SplitTable.gaussian(2, 10, 4, 2, 1, 7);
    table.add("train", "bad", "class-0", Double.NaN, 1);
    assertThatThrownBy(() -> evaluate(table, Map.of()))
        .isInstanceOf(MmctException.class)
        .hasMessage("features must be finite but image in its backbone holds NaN (sample bad)");
  }

  private static Evaluation evaluate(SplitTable table, Map<String, Object> settings) {
    return new ProbeProvider()
        .create(Settings.of(settings).bind(ProbeOptions.class))
        .evaluate(table)
        .orElseThrow(() -> new AssertionError(table.notes));
  }
}
