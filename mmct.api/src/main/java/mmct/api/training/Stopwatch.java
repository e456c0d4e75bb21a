package mmct.api.training;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import mmct.api.graph.StepClock;

/// Adds up the time of each phase. Every moment between [#start] and [#stop] belongs to one.
final class Stopwatch implements StepClock {
  private final EnumMap<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private final Runnable synchronise;
  private Phase current = Phase.REST;
  private long since = System.nanoTime();

  /// A stopwatch at zero.
  ///
  /// @param synchronise returns when the device has done what it was asked to: a GPU works on while
  ///     the program goes ahead, so that a phase would look shorter than it is and the next longer
  Stopwatch(Runnable synchronise) {
    this.synchronise = synchronise;
  }

  /// Begins to count; what was before is nobody's.
  void start() {
    synchronise.run();
    current = Phase.REST;
    since = System.nanoTime();
  }

  /// Ends the phase under way.
  void stop() {
    enter(Phase.REST);
  }

  @Override
  public Phase enter(Phase phase) {
    synchronise.run();
    long now = System.nanoTime();
    nanos.merge(current, now - since, Long::sum);
    since = now;
    Phase before = current;
    current = phase;
    return before;
  }

  /// By phase, the time so far in nanoseconds; a phase that never was is absent.
  Map<Phase, Long> nanos() {
    return Collections.unmodifiableMap(nanos);
  }
}
