package mmct.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import mmct.api.spi.Evaluation;
import mmct.api.training.Progress.StepRecord;
import org.junit.jupiter.api.Test;

class TrainingDisplayTest {
  private final StringWriter out = new StringWriter();
  private Duration now = Duration.ZERO;

  private TrainingDisplay display(int columns) {
    PrintWriter writer = new PrintWriter(out, true);
    return new TrainingDisplay(new Terminal(writer, writer, columns), () -> now.toNanos());
  }

  private static StepRecord step(long step, long total) {
    return new StepRecord(
        step,
        total,
        step / 100.0,
        new TreeMap<>(Map.of("ci", 0.25, "ii", 6.931472)),
        7.5,
        123.4,
        0.013);
  }

  @Test
  void withoutATerminalALineComesEveryTenSecondsAndAtTheEnds() {
    TrainingDisplay display = display(0);
    for (int i = 1; i <= 100; i++) {
      now = Duration.ofSeconds(i);
      display.step(step(i, 100));
    }

    assertThat(out.toString().lines().map(it -> it.replaceAll("/.*", "")))
        .containsExactly(
            "step 1",
            "step 11",
            "step 21",
            "step 31",
            "step 41",
            "step 51",
            "step 61",
            "step 71",
            "step 81",
            "step 91",
            "step 100");
    assertThat(out.toString()).doesNotContain("\r").doesNotContain("\u001b");
  }

  @Test
  void aLineTellsTermsRateWaitAndTimeLeft() {
    TrainingDisplay display = display(0);
    display.step(step(1, 100));
    now = Duration.ofSeconds(20);
    display.step(step(11, 100));

    assertThat(out.toString().lines().toList().getLast())
        .isEqualTo(
            "step 11/100  epoch 0.11  2m 58s left  123 samples/s  data wait 1.3 %"
                + "  loss 7.500 (ci 0.2500, ii 6.931)");
  }

  @Test
  void aResumedRunCountsOnlyItsOwnTime() {
    TrainingDisplay display = display(0);
    display.step(step(901, 1000));
    now = Duration.ofSeconds(10);
    display.step(step(911, 1000));

    assertThat(out.toString()).contains("1m 29s left");
  }

  @Test
  void onATerminalOneLineIsRewrittenAndFitsTheWidth() {
    TrainingDisplay display = display(40);
    display.step(step(1, 100));
    now = Duration.ofSeconds(1);
    display.step(step(2, 100));
    display.note("a notice");

    String[] shown = out.toString().split("\r\u001b\\[2K", -1);
    assertThat(shown[1]).startsWith("step 1/100").hasSize(39);
    assertThat(shown[2]).startsWith("step 2/100");
    assertThat(shown[3]).isEqualToIgnoringNewLines("a notice");
  }

  @Test
  void figuresAreShownAsATableUnderTheNameOfTheEvaluation() {
    display(0)
        .evaluated(
            "retrieval",
            new Evaluation(Map.of("a.R@10", 4.5), Map.of("chance", Map.of("a.R@10", 1.0))));

    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly("retrieval:", " R@10", " a 4.5", " chance 1.0");
  }

  @Test
  void durationsAreToldInTheirTwoLargestUnits() {
    assertThat(TrainingDisplay.inWords(Duration.ofSeconds(7))).isEqualTo("7s");
    assertThat(TrainingDisplay.inWords(Duration.ofSeconds(80))).isEqualTo("1m 20s");
    assertThat(TrainingDisplay.inWords(Duration.ofMinutes(125))).isEqualTo("2h 5m");
    assertThat(TrainingDisplay.inWords(Duration.ofHours(76))).isEqualTo("3d 4h");
  }
}
