package mmct.eval.onnx;

import java.time.Duration;

/// How much longer something may go on, judged by how long the last part of it took.
final class TimeBudget {
  private final long end;
  private long started;
  private double perWork;

  TimeBudget(Duration whole) {
    end = System.nanoTime() + whole.toNanos();
  }

  /// Whether there is time for a part; where there is, its measurement begins.
  boolean begin(double work) {
    started = System.nanoTime();
    return started + perWork * work < end;
  }

  /// A part of the work has been done.
  void done(double work) {
    perWork = (System.nanoTime() - started) / work;
  }
}
