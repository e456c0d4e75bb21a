package mmct.api.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.engine.Torch;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.StepClock;
import mmct.api.graph.StepClock.Phase;
import mmct.api.graph.StepFeatures;
import mmct.api.graph.StepFeatures.PartKeys;
import mmct.api.graph.StepParameters;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Constant;
import mmct.api.training.data.Seeds;

/// One step of training.
public final class TrainingStep {
  private final TrainingGraph graph;
  private final Optimizer optimizer;
  private final Engine engine;
  private final long seed;
  private final StepClock clock;
  private final Optional<GradientExchange> exchange;
  private final LossScale scale;
  private final Constant.Kept constants;

  /// Creates the step of a graph.
  ///
  /// @param seed seed of the run; dropout's randomness follows from it and the step's number
  public TrainingStep(TrainingGraph graph, Optimizer optimizer, Engine engine, long seed) {
    this(graph, optimizer, engine, seed, StepClock.none(), Optional.empty());
  }

  /// Creates the step of a graph.
  ///
  /// @param clock hears which phase begins
  /// @param exchange sums the gradients of several processes
  TrainingStep(
      TrainingGraph graph,
      Optimizer optimizer,
      Engine engine,
      long seed,
      StepClock clock,
      Optional<GradientExchange> exchange) {
    this.graph = graph;
    this.optimizer = optimizer;
    this.engine = engine;
    this.seed = seed;
    this.clock = clock;
    this.exchange = exchange;
    scale = new LossScale(graph.precision());
    constants = new Constant.Kept(graph.manager());
  }

  /// The numbers that steps compute with.
  Constant.Kept constants() {
    return constants;
  }

  /// What the loss is multiplied by.
  LossScale scale() {
    return scale;
  }

  /// What came of a step.
  ///
  /// @param terms by objective its value; an objective without rows is absent
  /// @param total the weighted sum of the terms
  /// @param gradientNorm global norm before clipping; not a number where the step was left out,
  ///     because the gradient was too large for fp16
  public record Result(Map<String, Double> terms, double total, double gradientNorm) {}

  /// Takes one step: momentum update, keys, queries, objectives, backward, optimiser, enqueue.
  ///
  /// @param parts the batch, in parts that fit the memory; the gradient is that of the whole batch
  /// @param factor the schedule's factor on the learning rates
  /// @param moment where the run stands
  /// @throws NonFiniteLossException before a weight has changed; momentum encoders, running
  ///     statistics and the state of losses have moved on
  public Result take(List<Batch> parts, double factor, Moment moment) {
    return Torch.alone(() -> constants.use(() -> compute(parts, factor, moment)));
  }

  private Result compute(List<Batch> parts, double factor, Moment moment) {
    Torch.seed(Seeds.hash(seed, moment.step()));
    try (var _ = Torch.withoutGradient();
        NDManager step = graph.manager().newSubManager()) {
      List<Batch> batches = parts.stream().map(graph::admit).toList();
      StepParameters parameters = new StepParameters(step, true);
      Totals totals = new Totals(batches, graph.objectives());
      List<PartKeys> keys = new ArrayList<>();

      clock.enter(Phase.MOMENTUM);
      graph.updateMomentum();
      clock.enter(Phase.KEYS);
      for (Batch batch : batches) {
        keys.add(new PartKeys(batch, graph.encodeKeys(batch, step, clock)));
      }
      for (int i = 0; i < batches.size(); i++) {
        clock.enter(Phase.QUERIES);
        try (NDManager part = step.newSubManager();
            GradientCollector gradients = Torch.recorded(engine)) {
          var queries = graph.encodeQueries(batches.get(i), parameters, part, clock);
          clock.enter(Phase.LOSSES);
          var features = new StepFeatures(queries, keys, i);
          var terms = graph.evaluate(features, parameters, moment, part);
          Optional<NDArray> total = totals.add(terms, batches.get(i));
          clock.enter(Phase.BACKWARD);
          total.ifPresent(
              loss -> {
                gradients.backward(scale.scaled(loss));
                graph.backward(queries);
              });
        }
      }
      clock.enter(Phase.UPDATE);
      totals.requireFinite(moment.step());
      exchange.ifPresent(all -> parameters.sumGradients(graph.trained(), all::sum));
      double norm = Double.NaN;
      if (scale.unscale(parameters, step)) {
        norm = optimizer.step(parameters, factor, step);
        graph.settle(parameters);
      }
      clock.enter(Phase.ENQUEUE);
      keys.forEach(graph::enqueue);
      clock.enter(Phase.REST);
      return totals.result(norm);
    }
  }
}
