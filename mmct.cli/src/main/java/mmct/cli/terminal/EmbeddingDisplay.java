package mmct.cli.terminal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import mmct.api.training.data.BrokenCell;
import mmct.eval.embed.Embedding;

/// Shows how an embedding gets on, with its rate and the time left: on a terminal in a status line,
/// elsewhere in a line every ten seconds.
public final class EmbeddingDisplay implements Embedding.Listener {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final Duration BETWEEN_UPDATES = Duration.ofMillis(200);

  /// Cells that are told of one by one; the others are only counted.
  private static final int TOLD = 10;

  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private long shownAt;
  private int broken;
  private int nonFinite;

  /// Creates a display on the clock of this machine.
  public EmbeddingDisplay(Terminal terminal) {
    this(terminal, System::nanoTime);
  }

  EmbeddingDisplay(Terminal terminal, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    startedAt = nanoTime.getAsLong();
    shownAt = startedAt;
  }

  @Override
  public void encoded(int samples, int of, int resumedAt) {
    long now = nanoTime.getAsLong();
    boolean last = samples == of;
    Duration pause = terminal.interactive() ? BETWEEN_UPDATES : BETWEEN_LINES;
    if (!last && now - shownAt < pause.toNanos()) {
      return;
    }
    shownAt = now;
    String text = describe(samples, of, resumedAt, now - startedAt);
    if (terminal.interactive() && !last) {
      terminal.status(text);
    } else {
      terminal.line(text);
    }
  }

  private static String describe(int samples, int of, int resumedAt, long nanos) {
    int done = samples - resumedAt;
    String left =
        done == 0 || samples == of
            ? ""
            : "  %s left"
                .formatted(
                    TrainingDisplay.inWords(Duration.ofNanos(nanos / done * (of - samples))));
    return String.format(
        Locale.ROOT,
        "%d/%d samples%s  %.0f samples/s%s",
        samples,
        of,
        resumedAt == 0 ? "" : " (%d done before)".formatted(resumedAt),
        done / Math.max(1e-9, nanos * 1e-9),
        left);
  }

  @Override
  public void broken(BrokenCell cell) {
    broken++;
    if (broken <= TOLD) {
      terminal.error(
          "mmct: warning: sample '%s' is left out: %s".formatted(cell.sample(), cell.reason()));
    } else if (broken == TOLD + 1) {
      terminal.error("mmct: warning: further samples are left out, and counted at the end");
    }
  }

  @Override
  public void nonFinite(String id) {
    nonFinite++;
    if (nonFinite <= TOLD) {
      terminal.error("mmct: warning: the features of sample '%s' are not finite".formatted(id));
    } else if (nonFinite == TOLD + 1) {
      terminal.error("mmct: warning: further rows are not finite, and counted at the end");
    }
  }
}
