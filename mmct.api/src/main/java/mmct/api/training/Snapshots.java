package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.api.graph.TrainingGraph;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.training.RunConfig.CheckpointConfig;
import mmct.api.training.data.BrokenCells;

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

  /// Whether the figure by which the best checkpoint is kept has never been better.
  boolean isBest(Position position) {
    return config.best().filter(position::isBest).isPresent();
  }

  /// Writes a checkpoint, and deletes those that are no longer wanted.
  ///
  /// @return the position, which knows of the best figure
  /// @throws MmctException where a weight is not finite, so that good checkpoints are not replaced
  ///     by one that nobody can use
  Position save(Position position) {
    boolean best = isBest(position);
    Position saved = best ? position.withBest(config.best().orElseThrow()) : position;
    try (NDManager scope = graph.manager().newSubManager()) {
      requireFinite(saved.step(), scope);
      Map<String, NDArray> arrays = graph.state(scope);
      arrays.putAll(optimizer.state(scope));
      arrays.putAll(scale.state(scope));
      checkpoints.save(saved.step(), arrays, saved.toMetadata(broken.export()));
    }
    savedStep = saved.step();
    checkpoints.keep(config.keep(), best ? Optional.of(savedStep) : Optional.empty());
    return saved;
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
  /// @return where the run stands; empty where there is no checkpoint
  Optional<Position> restore(Consumer<String> warn) {
    Optional<Checkpoint> newest = checkpoints.latest(warn);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    try (Checkpoint checkpoint = newest.get();
        NDManager scope = graph.manager().newSubManager()) {
      Map<String, NDArray> arrays = checkpoint.readAll(scope);
      graph.restore(arrays);
      optimizer.restore(arrays);
      scale.restore(arrays);
      broken.restore(Position.broken(checkpoint.metadata()));
      Position position = Position.of(checkpoint.step(), checkpoint.metadata());
      savedStep = position.step();
      keepBest(position, warn);
      return Optional.of(position);
    }
  }

  /// Makes up for a process that was killed after it had written the best checkpoint so far, and
  /// before it had kept it as that.
  private void keepBest(Position position, Consumer<String> warn) {
    if (config.best().filter(position::isStillBest).isEmpty()) {
      return;
    }
    try {
      if (kept().filter(value -> value >= position.best().orElseThrow()).isEmpty()) {
        checkpoints.keep(config.keep(), Optional.of(position.step()));
      }
    } catch (MmctException e) {
      warn.accept(String.valueOf(e.getMessage()));
    }
  }

  /// The figure of the checkpoint that is kept as the best.
  private Optional<Double> kept() {
    Optional<Checkpoint> best = checkpoints.best();
    if (best.isEmpty()) {
      return Optional.empty();
    }
    try (Checkpoint checkpoint = best.get()) {
      return Position.of(checkpoint.step(), checkpoint.metadata()).best();
    }
  }
}
