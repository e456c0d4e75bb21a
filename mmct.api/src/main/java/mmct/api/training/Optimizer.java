package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.api.graph.Saved;
import mmct.api.graph.StepParameters;
import mmct.api.graph.TrainingGraph;
import mmct.api.graph.Weights;
import mmct.api.graph.Weights.Slot;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.UpdateRule.Piece;
import mmct.api.training.UpdateRule.Scalars;

/// Changes weights by their gradients. A parameter that no term reached in a step is left alone: no
/// decay, no momentum, no count, as PyTorch does with a missing gradient.
///
/// Neighbouring parameters are updated together, in pieces that stay in a core's cache or, on a
/// GPU, in few large ones.
public final class Optimizer {
  private final List<Member> members = new ArrayList<>();
  private final UpdateRule rule;
  private final double decay;
  private final boolean decaysAll;
  private final OptionalDouble clipNorm;

  /// Weights that share a learning rate.
  ///
  /// @param name for messages, metrics and checkpoints
  /// @param weights what is changed
  /// @param rate the learning rate before the schedule's factor
  public record Group(String name, Weights weights, double rate) {}

  private record Member(Group group, List<NDArray> memory, long[] counts) {}

  /// Neighbouring parameters of one group with their gradients.
  private record Run(Member member, int first, int last, NDArray gradient) {
    Slot slot() {
      return member.group().weights().slots().get(first);
    }
  }

  /// Creates an optimiser.
  ///
  /// @param groups what it changes
  /// @param config the rule and its numbers
  /// @param owner keeps what the rule remembers
  public Optimizer(List<Group> groups, OptimizerConfig config, NDManager owner) {
    rule =
        switch (config.type()) {
          case SGD -> new UpdateRule.Sgd(config.momentum());
          case ADAMW ->
              new UpdateRule.AdamW(
                  config.betas().getFirst(), config.betas().getLast(), config.epsilon());
          case LARS -> new UpdateRule.Lars(config.momentum(), config.trust());
        };
    decay = config.weightDecay();
    decaysAll = config.decayBiasAndNorm();
    clipNorm = config.clipNorm().map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    for (Group group : groups) {
      List<NDArray> memory =
          rule.memory().stream().map(n -> owner.zeros(group.weights().flat().getShape())).toList();
      members.add(new Member(group, memory, new long[group.weights().slots().size()]));
    }
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
    List<Run> runs = new ArrayList<>();
    members.forEach(member -> collect(member, gradients, step, runs));
    double norm = norm(runs);
    if (!Double.isFinite(norm)) {
      throw new MmctException(
          "the gradient of %s is not finite, although the objectives are".formatted(culprit(runs)));
    }
    double scale =
        clipNorm.isPresent() && norm > clipNorm.getAsDouble() ? clipNorm.getAsDouble() / norm : 1;
    for (Run run : runs) {
      if (scale != 1) {
        run.gradient().muli(scale);
      }
      update(run, factor, step);
    }
    return norm;
  }

  /// The learning rate of every group under a schedule's factor.
  public Map<String, Double> rates(double factor) {
    Map<String, Double> rates = new LinkedHashMap<>();
    members.forEach(m -> rates.put(m.group().name(), m.group().rate() * factor));
    return rates;
  }

  private void collect(Member member, StepParameters gradients, NDManager step, List<Run> runs) {
    List<Slot> slots = member.group().weights().slots();
    int first = 0;
    long size = 0;
    NDList parts = new NDList();
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      Optional<NDArray> gradient = gradients.gradient(slot.parameter());
      if (!parts.isEmpty() && (gradient.isEmpty() || !joins(member, first, i, size))) {
        runs.add(new Run(member, first, i - 1, join(parts, slots, first, step)));
        parts.clear();
        size = 0;
      }
      if (gradient.isPresent()) {
        first = parts.isEmpty() ? i : first;
        gradient.get().attach(step);
        parts.add(gradient.get().flatten());
        size += slot.size();
      }
    }
    if (!parts.isEmpty()) {
      runs.add(new Run(member, first, slots.size() - 1, join(parts, slots, first, step)));
    }
  }

  private boolean joins(Member member, int first, int next, long size) {
    List<Slot> slots = member.group().weights().slots();
    return !rule.perParameter()
        && size + slots.get(next).size() <= member.group().weights().piece()
        && slots.get(first).decays() == slots.get(next).decays()
        && member.counts()[first] == member.counts()[next];
  }

  /// Puts gradients side by side as the weights lie, with zeros in the gaps.
  private static NDArray join(NDList parts, List<Slot> slots, int first, NDManager step) {
    if (parts.size() == 1) {
      return parts.head();
    }
    NDList laid = new NDList();
    for (int i = 0; i < parts.size(); i++) {
      Slot slot = slots.get(first + i);
      laid.add(parts.get(i));
      long gap = slot.end() - slot.offset() - slot.size();
      if (gap > 0 && i < parts.size() - 1) {
        laid.add(step.zeros(new Shape(gap)));
      }
    }
    return NDArrays.concat(laid);
  }

  private static double norm(List<Run> runs) {
    if (runs.isEmpty()) {
      return 0;
    }
    NDList squares = new NDList();
    for (Run run : runs) {
      squares.add(run.gradient().dot(run.gradient()));
    }
    double sum = 0;
    for (float square : NDArrays.stack(squares).toFloatArray()) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  /// The parameters whose gradient left the numbers.
  private static String culprit(List<Run> runs) {
    return runs.stream()
        .filter(run -> !Float.isFinite(run.gradient().dot(run.gradient()).getFloat()))
        .map(run -> run.slot().name() + " of " + run.member().group().name())
        .findFirst()
        .orElse("all parameters together");
  }

  private void update(Run run, double factor, NDManager step) {
    Member member = run.member();
    for (int i = run.first(); i <= run.last(); i++) {
      member.counts()[i]++;
    }
    long offset = run.slot().offset();
    long size = run.gradient().size();
    long piece = rule.perParameter() ? size : member.group().weights().piece();
    boolean decays = decaysAll || run.slot().decays();
    Scalars scalars =
        new Scalars(member.group().rate() * factor, decay, member.counts()[run.first()]);
    for (long from = 0; from < size; from += piece) {
      long begin = from;
      long end = Math.min(size, from + piece);
      try (NDManager scope = step.newSubManager()) {
        List<NDArray> memory =
            member.memory().stream()
                .map(m -> Torch.rows(m, offset + begin, offset + end, scope))
                .toList();
        NDArray weights =
            Torch.rows(member.group().weights().flat(), offset + begin, offset + end, scope);
        NDArray gradient = Torch.rows(run.gradient(), begin, end, scope);
        rule.update(
            new Piece(weights, gradient, memory, decays, run.slot().decays()), scalars, scope);
      }
    }
  }

  /// What the rule remembers, by name, for a checkpoint.
  public Map<String, NDArray> state(NDManager scope) {
    Map<String, NDArray> state = new LinkedHashMap<>();
    for (Member member : members) {
      String prefix = "optimizer." + member.group().name() + ".";
      for (int i = 0; i < member.memory().size(); i++) {
        state.put(prefix + rule.memory().get(i), member.memory().get(i));
      }
      state.put(prefix + "counts", scope.create(member.counts()));
    }
    return state;
  }

  /// Takes over what [#state] gave.
  ///
  /// @throws MmctException where something is missing or of another shape
  public void restore(Map<String, NDArray> state) {
    for (Member member : members) {
      String prefix = "optimizer." + member.group().name() + ".";
      for (int i = 0; i < member.memory().size(); i++) {
        NDArray mine = member.memory().get(i);
        Torch.copy(Saved.find(state, prefix + rule.memory().get(i), mine.getShape()), mine);
      }
      Shape counts = new Shape(member.counts().length);
      long[] saved = Saved.find(state, prefix + "counts", counts).toLongArray();
      System.arraycopy(saved, 0, member.counts(), 0, saved.length);
    }
  }
}
