package mmct.cli.terminal;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import mmct.api.spi.Evaluation;
import mmct.api.training.Progress;
import mmct.eval.EvaluationTable;

/// Shows a run's progress: on a terminal in a status line, elsewhere in a line every ten seconds.
public final class TrainingDisplay implements Progress {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final Duration BETWEEN_UPDATES = Duration.ofMillis(200);

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private boolean started;
  private long firstStep;
  private long firstAt;
  private long shownAt;

  /// Creates a display on the clock of this machine.
  public TrainingDisplay(Terminal terminal) {
    this(terminal, System::nanoTime);
  }

  TrainingDisplay(Terminal terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void note(String line) {
    terminal.line(line);
  }

  @Override
  public void warning(String line) {
    terminal.error("mmct: warning: " + line);
  }

  @Override
  public void step(StepRecord step) {
    long now = nanoTime.getAsLong();
    boolean first = !started;
    if (first) {
      started = true;
      firstStep = step.step();
      firstAt = now;
    }
    boolean last = step.step() == step.totalSteps();
    Duration pause = terminal.interactive() ? BETWEEN_UPDATES : BETWEEN_LINES;
    if (!first && !last && now - shownAt < pause.toNanos()) {
      return;
    }
    shownAt = now;
    if (terminal.interactive() && !last) {
      terminal.status(describe(step, now));
    } else {
      terminal.line(describe(step, now));
    }
  }

  @Override
  public void evaluated(String name, Evaluation evaluation) {
    List<String> lines;
    try {
      lines = EvaluationTable.lines(evaluation);
    } catch (RuntimeException e) {
      // What a plugin says of its protocol need not be what a table can show.
      warning("the figures of the evaluation '%s' cannot be shown: %s".formatted(name, e));
      return;
    }
    terminal.line(name + ":");
    lines.forEach(line -> terminal.line("  " + line));
  }

  /// The terms come last: they are what a narrow terminal cuts off.
  private String describe(StepRecord step, long now) {
    return String.format(
        Locale.ROOT,
        "step %d/%d  epoch %.2f%s  %.0f samples/s  data wait %.1f %%  loss %s (%s)",
        step.step(),
        step.totalSteps(),
        step.epoch(),
        timeLeft(step, now),
        step.samplesPerSecond(),
        100 * step.dataWait(),
        number(step.total()),
        terms(step.terms()));
  }

  private static String terms(Map<String, Double> terms) {
    return terms.entrySet().stream()
        .map(term -> term.getKey() + " " + number(term.getValue()))
        .collect(Collectors.joining(", "));
  }

  private String timeLeft(StepRecord step, long now) {
    long done = step.step() - firstStep;
    long left = step.totalSteps() - step.step();
    if (done == 0 || left <= 0) {
      return "";
    }
    return "  " + inWords(Duration.ofNanos((now - firstAt) / done * left)) + " left";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  /// A duration in its two largest units: `3d 4h`, `2h 5m`, `1m 20s`, `7s`.
  static String inWords(Duration duration) {
    if (duration.toDays() > 0) {
      return "%dd %dh".formatted(duration.toDays(), duration.toHoursPart());
    }
    if (duration.toHours() > 0) {
      return "%dh %dm".formatted(duration.toHours(), duration.toMinutesPart());
    }
    return duration.toMinutes() > 0
        ? "%dm %ds".formatted(duration.toMinutes(), duration.toSecondsPart())
        : "%ds".formatted(duration.toSeconds());
  }
}
