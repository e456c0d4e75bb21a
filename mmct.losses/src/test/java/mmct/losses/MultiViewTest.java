package mmct.losses;

import static mmct.losses.Arrays64.dot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `mv-infonce` and `mv-dhel`.
class MultiViewTest {
  private static final double TEMPERATURE = 0.3;

  private static Loss loss(String name, int views) {
    return Options.loss(name, Map.of("temperature", TEMPERATURE, "views", views));
  }

  /// A view of a row that is there.
  private record View(int row, int number, double[] values) {}

  private static List<View> views(LossCase given) {
    List<View> views = new ArrayList<>();
    int number = 0;
    for (LossCase.Side side : given.sides()) {
      for (int v = 0; v < side.queries().size(); v++) {
        for (int i = 0; i < given.n(); i++) {
          if (side.has(v, i)) {
            views.add(new View(i, number, side.queries().get(v)[i]));
          }
        }
        number++;
      }
    }
    return views;
  }

  private static double logit(View one, View other) {
    return dot(one.values(), other.values()) / TEMPERATURE;
  }

  private static double infoNce(List<View> own, List<View> all) {
    List<Double> numerator = new ArrayList<>();
    List<Double> denominator = new ArrayList<>();
    for (View one : own) {
      for (View other : all) {
        if (one != other) {
          denominator.add(logit(one, other));
          if (other.row() == one.row()) {
            numerator.add(logit(one, other));
          }
        }
      }
    }
    return Formula.logSumExp(denominator) - Formula.logSumExp(numerator);
  }

  private static double dhel(List<View> own, List<View> all) {
    List<Double> attraction = new ArrayList<>();
    double value = 0;
    for (View one : own) {
      List<Double> repulsion = new ArrayList<>();
      for (View other : all) {
        if (other.number() == one.number() && other.row() != one.row()) {
          repulsion.add(logit(one, other));
        }
        if (other.row() == one.row() && other.number() > one.number()) {
          attraction.add(logit(one, other));
        }
      }
      value += repulsion.isEmpty() ? 0 : Formula.logSumExp(repulsion);
    }
    return value - Formula.logSumExp(attraction);
  }

  /// Rows with fewer than two views are zero, the others weighted up.
  private static double[] formula(LossCase given, boolean decoupled) {
    List<View> all = views(given);
    double[] rows = new double[given.n()];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      int row = i;
      List<View> own = all.stream().filter(view -> view.row() == row).toList();
      if (own.size() > 1) {
        rows[i] = decoupled ? dhel(own, all) : infoNce(own, all);
        count++;
      }
    }
    double weight = (double) rows.length / Math.max(count, 1);
    return Arrays.stream(rows).map(value -> value * weight).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2", "4, 1, 2", "4, 1, 4", "5, 3, 1", "4, 2, 2", "2, 2, 1"})
  void agreeWithBruteForceOverViewsThatSomeRowsLack(int n, int views, int modalities) {
    for (String name : List.of("mv-infonce", "mv-dhel")) {
      Loss loss = loss(name, views);
      LossCase given =
          new LossCases(n, 4, 0).modalities(modalities).of(loss.needs(), 10L * n + views);
      Formula formula = (now, still) -> formula(now, name.equals("mv-dhel"));
      formula.check(loss, given, 2e-5);
    }
  }

  /// Rows whose views are all the same vector.
  private static LossCase same(Loss loss, int n) {
    LossCase given = new LossCases(n, 3, 0).modalities(3).of(loss.needs(), 1);
    given.sides().forEach(side -> Arrays.fill(side.queries().getFirst(), new double[] {0, 1, 0}));
    return given;
  }

  @Test
  void indistinguishableViewsCostTheLogOfTheirShare() {
    Loss loss = loss("mv-infonce", 1);
    assertThat(same(loss, 5).evaluate(loss).mean())
        .isCloseTo(Math.log((3 * 5 - 1) / (3 - 1.0)), within(1e-5));
  }

  @Test
  void theDecoupledLossOfOneVectorIsKnown() {
    Loss loss = loss("mv-dhel", 1);
    double expected = -Math.log(3) - 1 / TEMPERATURE + 3 * (Math.log(4) + 1 / TEMPERATURE);
    assertThat(same(loss, 5).evaluate(loss).mean()).isCloseTo(expected, within(1e-4));
  }

  @Test
  void manyViewsAtALowTemperatureStayFinite() {
    Loss loss = Options.loss("mv-dhel", Map.of("temperature", 0.01));
    LossCase given = new LossCases(6, 3, 0).modalities(5).alike(1).of(loss.needs(), 1);
    assertThat(given.evaluate(loss).mean()).isFinite();
  }
}
