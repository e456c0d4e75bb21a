package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.api.graph.TrainingGraph;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.training.RunConfig.CheckpointConfig;
import mmct.api.training.data.BrokenCells;
import mmct.api.training.data.Cursor;

/// Puts everything that a run has to remember into checkpoints, and takes it out again.
final class Snapshots {
  private final CheckpointConfig config;
  private final Checkpoints checkpoints;
  private final TrainingGraph graph;
  private final Optimizer optimizer;
  private final LossScale scale;
  private final BrokenCells broken;
  private long savedStep = -1;

  Snapshots(
      CheckpointConfig config,
      Checkpoints checkpoints,
      TrainingGraph graph,
      Optimizer optimizer,
      LossScale scale,
      BrokenCells broken) {
    this.config = config;
    this.checkpoints = checkpoints;
    this.graph = graph;
    this.optimizer = optimizer;
    this.scale = scale;
    this.broken = broken;
  }

  /// Whether what is known at this position is in a checkpoint.
  boolean hold(Position position) {
    return savedStep == position.step();
  }

  /// Writes a checkpoint, and deletes those that are no longer wanted. Where there is one of this
  /// step already, of the same weights but before they were judged, it takes its place.
  ///
  /// @throws MmctException where a weight is not finite, so that good checkpoints are not replaced
  ///     by one that nobody can use
  void save(Position position) {
    try (NDManager scope = graph.manager().newSubManager()) {
      requireFinite(position.step(), scope);
      Map<String, NDArray> arrays = graph.state(scope);
      arrays.putAll(optimizer.state(scope));
      arrays.putAll(scale.state(scope));
      checkpoints.save(position.step(), arrays, position.toMetadata(broken.export()));
    }
    savedStep = position.step();
    keep(position);
  }

  private void keep(Position position) {
    Optional<Long> best =
        config.best().isPresent() && position.holdsBest()
            ? Optional.of(position.step())
            : Optional.empty();
    checkpoints.keep(config.keep(), best);
  }

  private void requireFinite(long step, NDManager scope) {
    graph
        .weights()
        .forEach(
            (name, weights) -> {
              try (NDManager part = scope.newSubManager()) {
                if (!Float.isFinite(Torch.alias(weights, part).sum().getFloat())) {
                  throw new MmctException(
                      "the weights %s are no longer finite after step %d; a smaller learning rate may help"
                          .formatted(name, step));
                }
              }
            });
  }

  /// Takes over the newest checkpoint that is intact.
  ///
  /// @param warn hears of damaged ones
  /// @param counted where a run stands of which only the steps are known
  /// @return where the run stands; empty where there is no checkpoint
  Optional<Position> restore(Consumer<String> warn, LongFunction<Cursor> counted) {
    Optional<Checkpoint> newest = checkpoints.latest(warn);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    try (Checkpoint checkpoint = newest.get();
        NDManager scope = graph.manager().newSubManager()) {
      Map<String, NDArray> arrays = checkpoint.readAll(scope);
      requirePlaces(arrays.keySet());
      graph.restore(arrays);
      optimizer.restore(arrays);
      scale.restore(arrays);
      broken.restore(Position.broken(checkpoint.metadata()));
      Position position = Position.of(checkpoint.step(), checkpoint.metadata(), counted);
      savedStep = position.step();
      return Optional.of(position);
    }
  }

  /// Weights that the graph has no place for would be lost at the next checkpoint.
  private void requirePlaces(Set<String> names) {
    Set<String> known = graph.weights().keySet();
    for (String name : names) {
      if ((name.startsWith("query.") || name.startsWith("momentum.")) && !known.contains(name)) {
        throw new MmctException(
            "the checkpoint does not fit the configuration: it holds '%s', for which there is no place"
                .formatted(name));
      }
    }
  }

  /// Makes up for a process that ended after it had written a checkpoint, and before it had kept it
  /// as the best or had deleted those that are no longer wanted.
  void settle(Position position) {
    if (hold(position)) {
      keep(position);
    }
  }
}
