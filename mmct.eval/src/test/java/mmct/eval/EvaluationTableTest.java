package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import mmct.api.spi.Evaluation;
import org.junit.jupiter.api.Test;

/// The table that people read.
class EvaluationTableTest {

  @Test
  void groupsAreRowsAndEachIsFollowedByItsChance() {
    Evaluation evaluation =
        new Evaluation(
            figures(
                "a-to-b.R@1",
                4.56,
                "a-to-b.medianRank",
                57,
                "b-to-a.R@1",
                12.0,
                "b-to-a.medianRank",
                8),
            Map.of(
                "chance",
                figures(
                    "a-to-b.R@1",
                    0.1,
                    "a-to-b.medianRank",
                    648,
                    "b-to-a.R@1",
                    0.1,
                    "b-to-a.medianRank",
                    500)));
    assertThat(String.join("\n", EvaluationTable.lines(evaluation)))
        .isEqualTo(
            """
                       R@1  medianRank
            a-to-b     4.6          57
              chance   0.1         648
            b-to-a    12.0           8
              chance   0.1         500\
            """);
  }

  /// As it was printed: 8.4, and 17.0 hidden in the file of results.
  @Test
  void whatFrequencyAloneReachesIsARowOfChance() {
    Evaluation evaluation =
        new Evaluation(
            figures("mIOU@5", 8.4, "mAP", 12.5),
            Map.of(
                "chance",
                figures("mIOU@5", 1.3, "mAP", 4.2),
                "byFrequency",
                figures("mIOU@5", 17.04)));
    assertThat(EvaluationTable.lines(evaluation))
        .containsExactly(
            "                       mIOU@5   mAP",
            "                          8.4  12.5",
            "  chance                  1.3   4.2",
            "  chance by frequency    17.0     -");
  }

  @Test
  void figuresWithoutGroupOrChanceAreOneRow() {
    Evaluation evaluation = new Evaluation(figures("top1", 54.9, "loss", 0.01234), Map.of());
    assertThat(String.join("\n", EvaluationTable.lines(evaluation)))
        .isEqualTo(
            """
            top1    loss
            54.9  0.0123\
            """);
  }

  @Test
  void aSmallChanceIsNotShownAsNone() {
    Evaluation evaluation =
        new Evaluation(figures("R@1", 58.44), Map.of("chance", figures("R@1", 0.02)));
    assertThat(EvaluationTable.lines(evaluation))
        .containsExactly("            R@1", "          58.44", "  chance   0.02");
  }

  @Test
  void aFigureThatAGroupLacksIsADash() {
    Evaluation evaluation = new Evaluation(figures("a.x", 1, "b.y", 2), Map.of());
    assertThat(String.join("\n", EvaluationTable.lines(evaluation)))
        .isEqualTo(
            """
               x  y
            a  1  -
            b  -  2\
            """);
  }

  @Test
  void numbersAreWrittenTheSameInEveryCountry() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(EvaluationTable.lines(new Evaluation(figures("x", 1.5), Map.of())))
          .containsExactly("  x", "1.5");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void noFiguresAreNoTable() {
    assertThat(EvaluationTable.lines(new Evaluation(Map.of(), Map.of()))).isEmpty();
  }

  private static Map<String, Double> figures(Object... namesAndValues) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      figures.put((String) namesAndValues[i], ((Number) namesAndValues[i + 1]).doubleValue());
    }
    return figures;
  }
}
