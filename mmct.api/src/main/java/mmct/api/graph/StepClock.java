package mmct.api.graph;

/// Hears which phase of a step begins, so that a benchmark can tell where the time goes. While a
/// run trains nobody listens.
@FunctionalInterface
public interface StepClock {
  /// A part of the time between two steps.
  enum Phase {
    /// Waiting for worker threads to finish a batch.
    WAITING,
    /// Handing the views to the device.
    TRANSFER,
    /// Moving the momentum encoders.
    MOMENTUM,
    /// The forward pass of the momentum encoders.
    KEYS,
    /// The forward pass of the query encoders.
    QUERIES,
    /// The objectives, as far as their values.
    LOSSES,
    /// The gradients.
    BACKWARD,
    /// Clipping and the optimiser.
    UPDATE,
    /// Writing keys into the queues.
    ENQUEUE,
    /// What is left: freeing the step's arrays.
    REST
  }

  /// A phase begins, and the one before it ends.
  ///
  /// @return the phase that ends, for one who interrupts it and goes back to it
  Phase enter(Phase phase);

  /// Nobody listens.
  static StepClock none() {
    return phase -> phase;
  }
}
