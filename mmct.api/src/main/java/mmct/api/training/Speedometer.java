package mmct.api.training;

/// Measures samples per second and the share of time spent waiting for data, stretch by stretch.
/// Evaluations and checkpoints are left out: what is measured is the step, data included.
final class Speedometer {
  private long since = System.nanoTime();
  private long samples;
  private long waitedBefore;
  private Reading latest = new Reading(0, 0);

  /// What was measured.
  ///
  /// @param samplesPerSecond whole steps, data included
  /// @param dataWait share of the time, 0 to 1
  record Reading(double samplesPerSecond, double dataWait) {}

  /// Counts the samples of a step.
  void count(int more) {
    samples += more;
  }

  /// Leaves out time that was not spent on steps.
  void leaveOut(long nanos) {
    since += nanos;
  }

  /// Ends a stretch and begins the next.
  ///
  /// @param waitedNanos time spent waiting for data since the run began
  void read(long waitedNanos) {
    latest = measure(waitedNanos);
    since = System.nanoTime();
    samples = 0;
    waitedBefore = waitedNanos;
  }

  /// The last whole stretch.
  Reading latest() {
    return latest;
  }

  /// The last whole stretch, or what there is of the first one.
  Reading now(long waitedNanos) {
    return latest.samplesPerSecond() > 0 ? latest : measure(waitedNanos);
  }

  private Reading measure(long waitedNanos) {
    double elapsed = (double) Math.max(1, System.nanoTime() - since);
    return new Reading(
        1e9 * (double) samples / elapsed,
        Math.clamp((double) (waitedNanos - waitedBefore) / elapsed, 0.0, 1.0));
  }
}
