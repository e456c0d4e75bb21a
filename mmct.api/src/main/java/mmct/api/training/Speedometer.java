package mmct.api.training;

/// Measures samples per second and the share of time spent waiting for data, over the steps since
/// it was last read.
final class Speedometer {
  private long since = System.nanoTime();
  private long samples;
  private long waitedBefore;

  /// What was measured.
  ///
  /// @param samplesPerSecond whole steps, data included
  /// @param dataWait share of the time, 0 to 1
  record Reading(double samplesPerSecond, double dataWait) {}

  /// Counts the samples of a step.
  void count(int more) {
    samples += more;
  }

  /// Reads and restarts.
  ///
  /// @param waitedNanos time spent waiting for data since the run began
  Reading read(long waitedNanos) {
    long now = System.nanoTime();
    double elapsed = (double) Math.max(1, now - since);
    Reading reading =
        new Reading(
            1e9 * (double) samples / elapsed,
            Math.clamp((double) (waitedNanos - waitedBefore) / elapsed, 0.0, 1.0));
    since = now;
    samples = 0;
    waitedBefore = waitedNanos;
    return reading;
  }
}
