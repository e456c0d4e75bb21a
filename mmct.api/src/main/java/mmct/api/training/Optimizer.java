package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import mmct.api.MmctException;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Torch;
import mmct.api.graph.StepParameters;
import mmct.api.graph.TrainingGraph;
import mmct.api.graph.Weights;
import mmct.api.training.GradientUpdate.Numbers;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainedGroup.Reached;

/// Changes weights by their gradients. A parameter that no term reached in a step is left alone: no
/// decay, no momentum, no count, as PyTorch does with a missing gradient.
public final class Optimizer {
  private final List<TrainedGroup> groups;
  private final UpdateRule rule;
  private final GradientUpdate update;
  private final double decay;
  private final boolean decaysAll;
  private final OptionalDouble clipNorm;

  /// Weights that share a learning rate.
  ///
  /// @param name for messages, metrics and checkpoints
  /// @param weights what is changed
  /// @param rate the learning rate before the schedule's factor
  public record Group(String name, Weights weights, double rate) {}

  /// Creates an optimiser.
  ///
  /// @param groups what it changes
  /// @param config the rule and its numbers
  /// @param owner keeps what the rule remembers
  public Optimizer(List<Group> groups, OptimizerConfig config, NDManager owner) {
    this(groups, config, owner, Torch.fusedUpdates(owner));
  }

  /// Creates an optimiser that updates all parameters at once where it is given the means to and
  /// the rule has that form, and piece by piece otherwise.
  Optimizer(
      List<Group> groups, OptimizerConfig config, NDManager owner, Optional<FusedUpdates> fused) {
    rule = rule(config);
    decay = config.weightDecay();
    decaysAll = config.decayBiasAndNorm();
    clipNorm = config.clipNorm().map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    this.groups = groups.stream().map(group -> TrainedGroup.of(group, rule, owner)).toList();
    update =
        rule instanceof UpdateRule.Fused all && fused.isPresent()
            ? new FusedUpdate(fused.get(), all, this.groups, owner)
            : new PiecewiseUpdate(rule);
  }

  private static UpdateRule rule(OptimizerConfig config) {
    return switch (config.type()) {
      case SGD -> new UpdateRule.Sgd(config.momentum());
      case ADAMW ->
          new UpdateRule.AdamW(
              config.betas().getFirst(), config.betas().getLast(), config.epsilon());
      case LARS -> new UpdateRule.Lars(config.momentum(), config.trust());
    };
  }

  /// The optimiser of everything that a graph trains: one group per modality, named after it, and
  /// one per objective with parameters of its own.
  ///
  /// @param graph whose weights it changes, and whose manager keeps what the rule remembers
  /// @param config the rule and its numbers
  /// @param rates by modality, the learning rate before the schedule's factor; objectives have that
  ///     of the configuration
  public static Optimizer of(
      TrainingGraph graph, OptimizerConfig config, ToDoubleFunction<String> rates) {
    List<Group> groups = new ArrayList<>();
    graph
        .queryEncoders()
        .forEach(
            (name, encoder) ->
                groups.add(new Group(name, encoder.weights(), rates.applyAsDouble(name))));
    graph.objectives().stream()
        .filter(objective -> objective.weights().count() > 0)
        .forEach(
            objective ->
                groups.add(
                    new Group("objective " + objective.name(), objective.weights(), config.lr())));
    return new Optimizer(groups, config, graph.manager());
  }

  /// The optimiser of everything that a graph trains, with one learning rate.
  public static Optimizer of(TrainingGraph graph, OptimizerConfig config) {
    return of(graph, config, modality -> config.lr());
  }

  /// Takes one step.
  ///
  /// @param gradients what the backward pass left
  /// @param factor the schedule's factor on every group's rate
  /// @param step owns temporaries
  /// @return the gradient's global norm before clipping
  /// @throws MmctException where the gradient is not finite, before anything has changed
  public double step(StepParameters gradients, double factor, NDManager step) {
    List<Reached> reached = groups.stream().map(each -> each.reached(gradients, step)).toList();
    double norm = update.norm(reached);
    if (!Double.isFinite(norm)) {
      throw new MmctException(
          "the gradient of %s is not finite, although the objectives are"
              .formatted(culprit(reached)));
    }
    double scale =
        clipNorm.isPresent() && norm > clipNorm.getAsDouble() ? clipNorm.getAsDouble() / norm : 1;
    for (Reached each : reached) {
      for (int slot : each.slots()) {
        each.group().counts()[slot]++;
      }
      double rate = each.group().group().rate() * factor;
      update.update(each, scale, new Numbers(rate, decay, decaysAll), step);
    }
    return norm;
  }

  /// The learning rate of every group under a schedule's factor.
  public Map<String, Double> rates(double factor) {
    Map<String, Double> rates = new LinkedHashMap<>();
    groups.forEach(each -> rates.put(each.group().name(), each.group().rate() * factor));
    return rates;
  }

  /// The first parameter whose gradient left the numbers.
  private static String culprit(List<Reached> reached) {
    for (Reached each : reached) {
      for (int i = 0; i < each.slots().length; i++) {
        NDArray gradient = each.gradients().get(i).flatten();
        if (!Float.isFinite(gradient.dot(gradient).getFloat())) {
          String name = each.group().slots().get(each.slots()[i]).name();
          return name + " of " + each.group().group().name();
        }
      }
    }
    return "all parameters together";
  }

  /// What the rule remembers, by name, for a checkpoint.
  public Map<String, NDArray> state(NDManager scope) {
    Map<String, NDArray> state = new LinkedHashMap<>();
    groups.forEach(each -> each.state(rule, state, scope));
    return state;
  }

  /// Takes over what [#state] gave.
  ///
  /// @throws MmctException where something is missing or of another shape
  public void restore(Map<String, NDArray> state) {
    groups.forEach(each -> each.restore(rule, state));
  }
}
