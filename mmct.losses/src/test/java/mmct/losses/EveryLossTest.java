package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold of every objective that there is, whatever the shapes: each is fed random inputs
/// made from its own needs.
class EveryLossTest {
  private static final int CASES = 12;

  /// Options that make something else of a loss.
  private static final List<String> VARIANTS =
      List.of(
          "info-nce margin=-0.5",
          "margin-ranking reduction=mean",
          "margin-ranking reduction=max",
          "margin-ranking twoWay=true",
          "margin-ranking twoWay=true reduction=max",
          "clip directionWeight=0.75 labelSmoothing=0.1",
          "albef alpha=1 rampEpochs=0",
          "dcl weighted=true",
          "mochi around=dcl hardest=3 mixed=4 mixedWithQuery=2",
          "cwcl reference=backbone weightTemperature=0.1",
          "one-to-k views=3",
          "alignment-uniformity views=2",
          "barlow-twins views=2",
          "vicreg views=2",
          "isogclr views=2",
          "cacr detachWeights=false",
          "m3col mixedShare=1 concentration=1",
          "m3col detachTargets=true",
          "mv-dhel views=3",
          "mv-infonce views=3",
          "structure levels=3 weightByLevel=true",
          "swav views=3",
          "symile negatives=all",
          "whitened-cse views=1 groupSize=2");

  static Stream<String> names() {
    return Catalogue.load().all().get("loss").stream().map(provider -> provider.name());
  }

  /// Every loss by its defaults, and its variants.
  static Stream<String> forms() {
    return Stream.concat(names(), VARIANTS.stream());
  }

  /// The same, and every loss with temperatures of a hundredth.
  static Stream<String> losses() {
    return Stream.concat(forms(), names().flatMap(EveryLossTest::sharp));
  }

  /// The loss with all its temperatures at 0.01, at which similarities become logits up to 100.
  private static Stream<String> sharp(String name) {
    String options =
        Arrays.stream(Catalogue.load().loss(name).options().getRecordComponents())
            .map(RecordComponent::getName)
            .filter(
                option ->
                    option.endsWith("emperature") && option.matches("(?!learn|lowest|highest).*"))
            .map(option -> " " + option + "=0.01")
            .collect(Collectors.joining());
    return name.equals("siglip")
        ? Stream.of("siglip scale=100")
        : Stream.of(options).filter(o -> !o.isEmpty()).map(o -> name + o);
  }

  /// Shapes, presence, masks, positives, steps and epochs at random.
  private static List<LossCase> cases(String name, Loss loss) {
    List<LossCase> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      SplittableRandom random = new SplittableRandom(name.hashCode() + 31L * i);
      int n = i == 0 ? 1 : i == 1 ? 2 : random.nextInt(2, 9);
      int k = i == 2 ? 0 : i == 3 ? 1 : random.nextInt(2, 20);
      int modalities = random.nextInt(2, 5);
      double alike = random.nextInt(3) / 2.5;
      double masked = random.nextInt(3) * 0.3;
      LossCase given =
          new LossCases(n, random.nextInt(2, 7), k, masked, modalities, alike)
              .of(loss.needs(), random.nextLong());
      // Some losses have another phase at first, others later.
      cases.add(
          switch (i % 3) {
            case 0 -> given.at(0, 0);
            case 1 -> given;
            default -> given.at(given.step(), 60);
          });
    }
    return cases;
  }

  @Test
  void thereAreSeveral() {
    assertThat(names()).contains("info-nce", "margin-ranking");
  }

  @ParameterizedTest
  @MethodSource("losses")
  void valuesAndGradientsAreFinite(String name) {
    Loss loss = Options.of(name);
    for (LossCase given : cases(name, loss)) {
      LossCase.Outcome outcome = given.evaluate(loss);
      assertThat(outcome.rows().length).isIn(1, given.n());
      assertFinite(outcome, given);
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void bothEndsOfTheCosineAreFinite(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(4, 3, 8, 0, 3, 0).of(loss.needs(), 5);
    for (double[] ends : new double[][] {{1, 1, 1}, {1, -1, 1}, {-1, 1, -1}}) {
      for (int every : new int[] {1, 2}) {
        for (int s = 0; s < given.sides().size(); s++) {
          LossCase.Side side = given.sides().get(s);
          double end = ends[s % 3];
          side.queries().forEach(view -> fill(view, end, every));
          side.keys().forEach(view -> fill(view, -end, every));
          if (side.queue() != null) {
            fill(side.queue(), ends[(s + 1) % 3], every);
          }
          if (side.backbone() != null) {
            fill(side.backbone(), end, every);
          }
        }
        assertFinite(given.at(0, 0).evaluate(loss), given);
        assertFinite(given.at(500, 60).evaluate(loss), given);
      }
    }
  }

  /// Unit rows of one direction, of which only every so manieth is not turned around.
  private static void fill(double[][] rows, double end, int every) {
    for (int i = 0; i < rows.length; i++) {
      Arrays.fill(rows[i], 0);
      rows[i][0] = i % every == 0 ? end : -end;
    }
  }

  private static void assertFinite(LossCase.Outcome outcome, LossCase given) {
    assertFinite(outcome.rows());
    outcome
        .queries()
        .forEach(
            views -> views.forEach(view -> Stream.of(view).forEach(EveryLossTest::assertFinite)));
    outcome.parameters().values().forEach(EveryLossTest::assertFinite);
    outcome
        .states()
        .forEach(
            (name, values) -> {
              double[] before = given.states().get(name).numbers().values();
              for (int i = 0; i < values.length; i++) {
                // A row that takes no part keeps its state, which may be infinite at first.
                assertThat(Float.isFinite(values[i]) || values[i] == before[i]).as(name).isTrue();
              }
            });
  }

  private static void assertFinite(float[] values) {
    for (float value : values) {
      assertThat(value).isFinite();
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void theSameInputGivesTheSameValue(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(5, 4, 12).of(loss.needs(), 3);
    LossCase.Outcome first = given.evaluate(loss);
    assertThat(given.evaluate(Options.of(name))).usingRecursiveComparison().isEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void permutingTheBatchPermutesValuesGradientsAndState(String name) {
    Loss loss = Options.of(name);
    for (LossCase given : cases(name, loss)) {
      int n = given.n();
      List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
      Collections.shuffle(order, new Random(n));
      int[] rows = order.stream().mapToInt(i -> i).toArray();
      LossCase.Outcome straight = given.evaluate(loss);
      LossCase.Outcome permuted = given.rows(rows).evaluate(loss);
      boolean each = straight.rows().length == n;
      for (int i = 0; i < permuted.rows().length; i++) {
        assertThat((double) permuted.rows()[i])
            .isCloseTo(straight.rows()[each ? rows[i] : i], near(straight.rows()[i]));
      }
      for (int s = 0; s < given.sides().size(); s++) {
        for (int v = 0; v < straight.queries().get(s).size(); v++) {
          assertClose(
              flat(permuted.queries().get(s).get(v)),
              ordered(flat(straight.queries().get(s).get(v)), rows));
        }
      }
      straight
          .parameters()
          .forEach((parameter, g) -> assertClose(permuted.parameters().get(parameter), g));
      straight
          .states()
          .forEach(
              (state, values) ->
                  assertClose(
                      permuted.states().get(state),
                      given.states().get(state).perSample() ? ordered(values, rows) : values));
    }
  }

  /// The numbers of each row, in another order of the rows.
  private static float[] ordered(float[] values, int[] rows) {
    int width = values.length / rows.length;
    float[] ordered = new float[values.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * width, ordered, i * width, width);
    }
    return ordered;
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }

  /// Near as measured by the largest number: sums in float32 are exact to a share of what is
  /// added up, not of what is left where it cancels out.
  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSize(expected.length);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Float.isFinite(value) ? Math.abs(value) : 0);
    }
    for (int i = 0; i < expected.length; i++) {
      // An infinite state is near itself alone.
      if (actual[i] != expected[i]) {
        assertThat((double) actual[i]).isCloseTo(expected[i], near(largest));
      }
    }
  }

  private static org.assertj.core.data.Offset<Double> near(double value) {
    return within(2e-3 * Math.max(1, Math.abs(value)));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void absentViewsGetNoGradientAndTheirContentIsOfNoConsequence(String name) {
    Loss loss = Options.of(name);
    for (LossCase given : cases(name, loss)) {
      LossCase.Outcome outcome = given.evaluate(loss);
      for (int s = 0; s < given.sides().size(); s++) {
        LossCase.Side side = given.sides().get(s);
        for (int v = 1; v < side.queries().size(); v++) {
          for (int i = 0; i < given.n(); i++) {
            if (!side.has(v, i)) {
              for (float number : outcome.queries().get(s).get(v)[i]) {
                assertThat(number).isZero();
              }
              Arrays.fill(side.queries().get(v)[i], 0.5);
            }
          }
        }
      }
      assertClose(given.evaluate(loss).rows(), outcome.rows());
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aMaskedQueueRowMightAsWellPointElsewhere(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(1, 5, 9, 0.5, 2, 0).of(loss.needs(), 4);
    LossCase.Outcome before = given.evaluate(loss);
    boolean moved = false;
    for (LossCase.Side side : given.sides()) {
      for (int j = 0; side.queue() != null && j < side.queue().length; j++) {
        if (side.masked()[0][j]) {
          side.queue()[j] = LossCases.unit(1, 5, new SplittableRandom(j))[0];
          moved = true;
        }
      }
    }
    assertThat(moved).isEqualTo(loss.needs().usesQueue());
    assertClose(given.evaluate(loss).rows(), before.rows());
  }
}
