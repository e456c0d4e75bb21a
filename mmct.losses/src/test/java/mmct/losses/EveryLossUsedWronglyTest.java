package mmct.losses;

import static mmct.losses.Configured.build;
import static mmct.losses.Configured.pair;
import static mmct.losses.Configured.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mmct.api.config.Setting;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Needs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is refused of every loss that there is, before training and in one sentence: options out
/// of their range, keys that it does not know, and what it has no use for.
class EveryLossUsedWronglyTest {
  private static final List<String> MODALITIES = List.of("image", "text", "more");

  static Stream<String> names() {
    return Catalogue.load().all().get("loss").stream().map(provider -> provider.name());
  }

  private static Needs needs(String name) {
    return Options.loss(name, Map.of()).needs();
  }

  private static String joint(String name, int modalities) {
    return "loss: %s, modalities: %s".formatted(name, MODALITIES.subList(0, modalities));
  }

  /// The loss with as little as it takes.
  private static String plain(String name) {
    return switch (needs(name).form()) {
      case Needs.Pair _ -> pair(name);
      case Needs.Joint joint -> joint(name, joint.atLeast());
    };
  }

  private static Stream<RecordComponent> options(String name) {
    return Arrays.stream(Catalogue.load().loss(name).options().getRecordComponents());
  }

  private static boolean isNumber(RecordComponent option) {
    // An Optional of these losses is one of a number.
    return List.of(int.class, long.class, double.class).contains(option.getType())
        || option.getType() == java.util.Optional.class;
  }

  @ParameterizedTest
  @MethodSource("names")
  void usedAsItsNeedsSayItIsBuilt(String name) {
    build(plain(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyOptionIsHeldWithinItsRange(String name) {
    options(name)
        .forEach(
            option -> {
              for (String value : outside(option.getAnnotation(Setting.class))) {
                String assignment = "objectives.o.%s=%s".formatted(option.getName(), value);
                refused(option.getName() + " must be ", plain(name), assignment);
                refused("but was " + value, plain(name), assignment);
                refused("--set " + assignment, plain(name), assignment);
              }
            });
  }

  /// Values just beyond each bound.
  private static List<String> outside(Setting setting) {
    List<String> values = new ArrayList<>();
    if (Double.isFinite(setting.min())) {
      values.add(text(setting.min() - 1));
    }
    if (Double.isFinite(setting.max())) {
      values.add(text(setting.max() + 1));
    }
    if (Double.isFinite(setting.above())) {
      values.add(text(setting.above()));
    }
    if (Double.isFinite(setting.below())) {
      values.add(text(setting.below()));
    }
    return values;
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyTemperatureIsWellAboveZero(String name) {
    options(name)
        .map(RecordComponent::getName)
        .filter(option -> option.endsWith("emperature") && !option.startsWith("learn"))
        .forEach(
            option -> {
              String rule = "objectives.o.%s must be at least 1e-6".formatted(option);
              for (String value : List.of("0", "-0.1", "1e-7", "1e-50", "1e-320")) {
                refused(rule, plain(name), "objectives.o.%s=%s".formatted(option, value));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("names")
  void whatIsNoFiniteNumberIsRefused(String name) {
    options(name)
        .filter(EveryLossUsedWronglyTest::isNumber)
        .map(RecordComponent::getName)
        .forEach(
            option -> {
              for (String value : List.of("high", "[1]", ".nan", ".inf", "-.inf")) {
                String assignment = "objectives.o.%s=%s".formatted(option, value);
                refused("objectives.o." + option, plain(name), assignment);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("names")
  void aKeyThatItDoesNotKnowIsRefused(String name) {
    refused("objectives.o.sharpnes", plain(name), "objectives.o.sharpnes=1");
    assertThat(options(name).map(RecordComponent::getName)).doesNotContain("sharpnes");
  }

  @ParameterizedTest
  @MethodSource("names")
  void tooFewAndTooManyModalitiesAreRefused(String name) {
    switch (needs(name).form()) {
      case Needs.Pair _ ->
          refused(
              "objectives.o compares one query with one key but names 1 modalities [image]",
              joint(name, 1));
      case Needs.Joint joint -> {
        String message = "objectives.o.modalities must be ";
        if (joint.atLeast() > 1) {
          refused(message, joint(name, joint.atLeast() - 1));
        }
        if (joint.atMost() < MODALITIES.size()) {
          refused(message, joint(name, joint.atMost() + 1));
        }
        refused("objectives.o.modalities must differ", joint(name, 1).replace("]", ", image]"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aQueueThatItHasNoUseForIsRefused(String name) {
    if (needs(name).usesQueue()) {
      build(plain(name) + ", queue: true");
      return;
    }
    build(plain(name) + ", queue: false");
    refused(
        "objectives.o.queue is true but the loss '%s' has no use for a queue (run.yaml:8)"
            .formatted(name),
        plain(name) + ", queue: true");
  }

  @ParameterizedTest
  @MethodSource("names")
  void otherKeysOfTheBatchThatItHasNoUseForAreRefused(String name) {
    if (needs(name).form() instanceof Needs.Pair && needs(name).usesQueue()) {
      build(plain(name) + ", inBatchNegatives: true");
      return;
    }
    refused("objectives.o.inBatchNegatives is set but ", plain(name) + ", inBatchNegatives: true");
  }

  @ParameterizedTest
  @MethodSource("names")
  void positivesThatItHasNoUseForAndRulesThatThereAreNotAreRefused(String name) {
    String ruled = plain(name) + ", positives: { type: nobody }";
    if (needs(name).form() instanceof Needs.Pair pair && pair.positives()) {
      build(ruled);
      refused(
          "objectives.o.positives.type: there is no positives rule 'somebody'; available: nobody",
          ruled.replace("nobody", "somebody"));
    } else {
      refused("objectives.o.positives is set but its loss has no use for it", ruled);
    }
  }
}
