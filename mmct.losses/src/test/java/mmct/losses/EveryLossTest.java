package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;
import mmct.api.spi.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold of every objective that there is, whatever the shapes: each is fed random inputs
/// made from its own needs.
class EveryLossTest {
  private static final int CASES = 12;

  static Stream<String> names() {
    return Catalogue.load().all().get("loss").stream().map(provider -> provider.name());
  }

  private static Loss loss(String name) {
    return create(Catalogue.load().loss(name));
  }

  private static <O extends Record> Loss create(LossProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()));
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
      cases.add(i % 3 == 0 ? given.at(0, 0) : given);
    }
    return cases;
  }

  @Test
  void thereAreSeveral() {
    assertThat(names()).contains("info-nce", "margin-ranking");
  }

  @ParameterizedTest
  @MethodSource("names")
  void valuesAndGradientsAreFinite(String name) {
    Loss loss = loss(name);
    for (LossCase given : cases(name, loss)) {
      LossCase.Outcome outcome = given.evaluate(loss);
      assertThat(outcome.rows().length).isIn(1, given.n());
      assertFinite(outcome);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void bothEndsOfTheCosineAreFinite(String name) {
    Loss loss = loss(name);
    LossCase given = new LossCases(4, 3, 8, 0, 3, 0).of(loss.needs(), 5);
    for (double[] ends : new double[][] {{1, 1, 1}, {1, -1, 1}, {-1, 1, -1}}) {
      for (int s = 0; s < given.sides().size(); s++) {
        LossCase.Side side = given.sides().get(s);
        double end = ends[s % 3];
        side.queries().forEach(view -> fill(view, end));
        side.keys().forEach(view -> fill(view, -end));
        if (side.queue() != null) {
          fill(side.queue(), ends[(s + 1) % 3]);
        }
        if (side.backbone() != null) {
          fill(side.backbone(), end);
        }
      }
      assertFinite(given.evaluate(loss));
    }
  }

  /// Unit rows of one direction, every other one turned around.
  private static void fill(double[][] rows, double end) {
    for (int i = 0; i < rows.length; i++) {
      java.util.Arrays.fill(rows[i], 0);
      rows[i][0] = i % 2 == 0 ? end : -end;
    }
  }

  private static void assertFinite(LossCase.Outcome outcome) {
    assertFinite(outcome.rows());
    outcome
        .queries()
        .forEach(
            views -> views.forEach(view -> Stream.of(view).forEach(EveryLossTest::assertFinite)));
    outcome.parameters().values().forEach(EveryLossTest::assertFinite);
    outcome.states().values().forEach(EveryLossTest::assertFinite);
  }

  private static void assertFinite(float[] values) {
    for (float value : values) {
      assertThat(value).isFinite();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSameInputGivesTheSameValue(String name) {
    Loss loss = loss(name);
    LossCase given = new LossCases(5, 4, 12).of(loss.needs(), 3);
    LossCase.Outcome first = given.evaluate(loss);
    assertThat(given.evaluate(loss(name))).usingRecursiveComparison().isEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("names")
  void permutingTheBatchPermutesValuesGradientsAndState(String name) {
    Loss loss = loss(name);
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
          for (int i = 0; i < n; i++) {
            assertClose(
                permuted.queries().get(s).get(v)[i], straight.queries().get(s).get(v)[rows[i]]);
          }
        }
      }
      straight
          .parameters()
          .forEach((parameter, g) -> assertClose(permuted.parameters().get(parameter), g));
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], near(expected[i]));
    }
  }

  private static org.assertj.core.data.Offset<Double> near(double value) {
    return within(2e-3 * Math.max(1, Math.abs(value)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void aGarbageCollectionBeforeTheBackwardPassChangesNothing(String name) {
    Loss loss = loss(name);
    LossCase given = new LossCases(5, 4, 12).of(loss.needs(), 8);
    LossCase.Outcome undisturbed = given.evaluate(loss);
    LossCase.Outcome disturbed = given.evaluate(loss, LossPropertiesTest::overwriteFreedMemory);
    assertThat(disturbed).usingRecursiveComparison().isEqualTo(undisturbed);
  }

  @ParameterizedTest
  @MethodSource("names")
  void absentViewsGetNoGradientAndTheirContentIsOfNoConsequence(String name) {
    Loss loss = loss(name);
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
              java.util.Arrays.fill(side.queries().get(v)[i], 0.5);
            }
          }
        }
      }
      assertClose(given.evaluate(loss).rows(), outcome.rows());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aMaskedQueueRowMightAsWellPointElsewhere(String name) {
    Loss loss = loss(name);
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
    assertThat(moved).isEqualTo(queued(loss.needs()));
    assertClose(given.evaluate(loss).rows(), before.rows());
  }

  private static boolean queued(Needs needs) {
    return switch (needs.form()) {
      case Needs.Pair pair ->
          pair.query().queue() != Needs.Queue.NONE || pair.key().queue() != Needs.Queue.NONE;
      case Needs.Joint joint -> joint.each().queue() != Needs.Queue.NONE;
    };
  }
}
