package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Setting;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every mistake in a configuration is told in one sentence: the rule, the value, and the place
/// where it was written.
class ResolutionTest {
  private static final String YAML =
      """
      modalities:
        left: { type: vectors }
        right:
          type: vectors
          width: 7
        marks: { type: vectors, width: 0 }
      spaces:
        common: { width: 4 }
      objectives:
        lr: { loss: attraction, query: left, key: right, space: common }
      data: { type: generated }
      """;

  private static Settings yaml() {
    return YamlReader.read(YAML, "toy.yaml");
  }

  private static Resolution resolve(Settings settings) {
    return new Resolution(settings, Toys.catalogue());
  }

  private static Settings with(String... assignments) {
    Settings settings = yaml();
    for (String assignment : assignments) {
      settings = Settings.assignment(assignment).over(settings);
    }
    return settings;
  }

  private static void refused(Settings settings, String message) {
    assertThatThrownBy(() -> resolve(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  @Test
  void aSoundConfigurationResolves() {
    Resolution resolution = resolve(with("modalities.left.lr=0.5", "optimizer.lr=0.25"));
    assertThat(resolution.rate("left")).isEqualTo(0.5);
    assertThat(resolution.rate("right")).isEqualTo(0.25);
    assertThat(resolution.config().optimizer().type()).isEqualTo(RunConfig.Rule.SGD);
  }

  /// Options one of which has the name of a key that every objective has.
  public record Clashing(@Setting("How much.") Optional<Double> weight) {}

  private static final class ClashingProvider implements LossProvider<Clashing> {
    @Override
    public String name() {
      return "clashing";
    }

    @Override
    public Class<Clashing> options() {
      return Clashing.class;
    }

    @Override
    public String description() {
      return "";
    }

    @Override
    public Loss create(Clashing options) {
      throw new IllegalStateException("it must not come to this");
    }
  }

  @Test
  void anOptionThatHidesAKeyOfEveryObjectiveIsRefused() {
    Settings settings =
        YamlReader.read(
            "{modalities: {}, spaces: {}, objectives: {o: {loss: clashing, space: s}}}", "c.yaml");
    assertThatThrownBy(
            () -> new Resolution(settings, Catalogue.of(List.of(new ClashingProvider()))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "the provider 'clashing'", "option 'weight'", "it must have another name");
  }

  @Test
  void anUnknownProviderIsToldWithItsLine() {
    refused(
        YamlReader.read(
            YAML.replace("right:\n    type: vectors", "right:\n    type: vector"), "toy.yaml"),
        "modalities.right.type: there is no modality 'vector'; did you mean vectors?; available:"
            + " vectors (a jar in plugins/ can add one) (toy.yaml:4)");
    refused(
        with("objectives.lr.loss=atraction"),
        "objectives.lr.loss: there is no loss 'atraction'; did you mean attraction?; available:"
            + " attraction (a jar in plugins/ can add one) (--set objectives.lr.loss=atraction)");
    refused(
        with("objectives.lr.positives.type=x"),
        "objectives.lr.positives.type: there is no positives rule 'x'; available: shared (a jar in"
            + " plugins/ can add one) (--set objectives.lr.positives.type=x)");
    refused(
        with("evaluate.run.e.type=nearer"),
        "evaluate.run.e.type: there is no evaluator 'nearer'; did you mean nearest?; available:"
            + " nearest, scripted (a jar in plugins/ can add one) (--set evaluate.run.e.type=nearer)");
  }

  @Test
  void anUnknownModalityOrSpaceIsToldWithItsLine() {
    refused(
        YamlReader.read(YAML.replace("key: right", "key: rihgt"), "toy.yaml"),
        "objectives.lr.key names the modality 'rihgt', which is not configured (toy.yaml:10); did you mean"
            + " right?; there are: left, right, marks");
    refused(
        with("objectives.lr.query=middle"),
        "objectives.lr.query names the modality 'middle', which is not configured (--set"
            + " objectives.lr.query=middle); there are: left, right, marks");
    refused(
        with("objectives.lr.space=comon"),
        "objectives.lr.space names the space 'comon', which is not configured (--set"
            + " objectives.lr.space=comon); did you mean common?; there are: common");
    refused(
        with("objectives.j={loss: attraction, modalities: [left, x], space: common}"),
        "objectives.j.modalities names the modality 'x', which is not configured (--set objectives.j={loss:"
            + " attraction, modalities: [left, x], space: common}); there are: left, right, marks");
  }

  @Test
  void anUnknownKeyIsToldWithTheNearestOfTheCoreAndTheProvider() {
    refused(
        with("modalities.left.witdh=3"),
        "modalities.left.witdh is not a known key (--set modalities.left.witdh=3); did you mean"
            + " width?; known keys of modalities.left: batchNorm, columns, dropout, length, lr,"
            + " noise, type, weights, width");
    refused(
        with("ojectives.lr.weight=3"),
        "ojectives is not a known key (--set ojectives.lr.weight=3); did you mean objectives?;"
            + " known keys: accumulate, batch, checkpoints, data, dropLast, epochs, evaluate,"
            + " export, keyDropout, logEvery, maskSameInstance, maxEmptySteps, memory, modalities, momentum,"
            + " objectives, optimizer, precision, queue, queueStart, schedule, seed, spaces, steps");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch=1 | batch must be at least 2 but was 1",
        "batch=eight | batch must be a whole number but was 'eight'",
        "batch=8.5 | batch must be a whole number but was 8.5",
        "momentum=1.5 | momentum must be at least 0 and at most 1 but was 1.5",
        "optimizer.type=adam | optimizer.type must be one of sgd, adamw, lars but was 'adam'",
        "optimizer.lr=-1 | optimizer.lr must be at least 0 but was -1.0",
        "optimizer.epsilon=1e-50 | optimizer.epsilon must be at least 1e-16 but was 1.0E-50",
        "optimizer.clipNorm=0 | optimizer.clipNorm must be above 0 but was 0.0",
        "spaces.common.norm=layer | spaces.common.norm must be one of none, batch but was 'layer'",
        "objectives.lr.weight=-1 | objectives.lr.weight must be at least 0 but was -1.0",
        "objectives.lr.queue=perhaps | objectives.lr.queue must be true or false but was 'perhaps'",
        "modalities.left.dropout=1 | modalities.left.dropout must be at least 0 and below 1 but was"
            + " 1.0",
        "modalities.left=vectors.x | modalities.left must be a group of keys but was 'vectors.x'",
        "seed=[1, 2] | seed must be a whole number but was [1, 2]",
      })
  void aWrongValueIsToldByRuleValueAndPlace(String assignment, String message) {
    refused(with(assignment), "%s (--set %s)".formatted(message, assignment));
  }

  @Test
  void whatIsNoNumberIsInNoRange() {
    for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      refused(
          Settings.of(Map.of("optimizer", Map.of("lr", odd))).over(yaml()),
          "optimizer.lr must be at least 0 but was " + odd);
    }
  }

  @Test
  void whatNoSingleKeyCanTellIsToldForItsGroup() {
    refused(with("optimizer.betas=[0.9]"), "optimizer: betas must be two numbers but were [0.9]");
    refused(
        with("objectives.lr.modalities=[left, right]"),
        "objectives.lr: an objective names query and key, or else modalities, but names query left,"
            + " key right, modalities [left, right]");
  }

  @Test
  void aMissingKeyIsToldByItsPath() {
    refused(with("objectives.lr.loss=null"), "objectives.lr.loss is required but missing");
    refused(
        with("spaces.common.width=null"),
        "spaces.common.width is required but missing of spaces.common");
  }

  @Test
  void dataWithoutAPlaceOrATypeIsRefused() {
    assertThatThrownBy(() -> resolve(with("data.type=null")).openData(Optional.empty()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("data needs a path (--data PATH) or a type; types: generated");
    assertThatThrownBy(
            () -> resolve(yaml()).openData(Optional.of(Path.of("there", "is", "no", "such"))))
        .isInstanceOf(MmctException.class)
        .hasMessage("there is no file or folder there/is/no/such (--data)");
    assertThatThrownBy(() -> resolve(yaml()).openData(Optional.of(Path.of("pom.xml"))))
        .isInstanceOf(MmctException.class)
        .hasMessage("no dataset provider recognises pom.xml; name one as data.type: generated");
    assertThatThrownBy(() -> resolve(with("data.type=genrated")).openData(Optional.empty()))
        .hasMessageStartingWith(
            "data.type: there is no dataset 'genrated'; did you mean generated?")
        .hasMessageEndingWith("(--set data.type=genrated)");
    assertThatThrownBy(() -> resolve(with("data.options.sample=3")).openData(Optional.empty()))
        .hasMessage(
            "data.options.sample is not a known key (--set data.options.sample=3); did you mean"
                + " samples?; known keys of data.options: absent, broken, samples, val");
  }

  @Test
  void writingAllDefaultsOutChangesNothing() {
    Settings filled = Defaults.fill(yaml(), Toys.catalogue());
    assertThat(filled.child("modalities").child("left").get("noise")).contains(0.1);
    assertThat(filled.child("objectives").child("lr").get("scale")).contains(5.0);
    assertThat(filled.child("data").child("options").get("samples")).contains(40L);
    assertThat(filled.child("optimizer").get("momentum")).contains(0.9);
    assertThat(Defaults.fill(filled, Toys.catalogue()).toMap()).isEqualTo(filled.toMap());
  }
}
