package mmct.api.graph;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import mmct.api.config.ConfigurationException;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Precision;
import mmct.api.engine.Torch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.Objective.Term;
import mmct.api.graph.StepFeatures.PartKeys;
import mmct.api.graph.StepFeatures.ViewFeatures;

/// The symmetric training graph: for each modality a query encoder and its momentum copy, queues of
/// momentum features, and the objectives that compare them. It knows no modality by name.
///
/// A step uses it in this order: [#updateMomentum], [#encodeKeys], [#encodeQueries], [#evaluate],
/// backward and optimiser, [#settle], [#enqueue]. All arrays of a step belong to the managers
/// handed in.
public final class TrainingGraph implements AutoCloseable {
  private final NDManager owner;
  private final double momentum;
  private final Optional<FusedUpdates> fused;
  private final Map<String, Encoder> queryEncoders;
  private final Map<String, Encoder> momentumEncoders;
  private final Map<QueueKey, FeatureQueue> queues;
  private final List<Objective> objectives;
  private final Map<String, Set<String>> querySpaces;
  private final Map<String, Set<String>> keySpaces;
  private final BatchPlan plan;
  private final Passes passes;

  /// A queue's place: the keys of one modality in one space.
  public record QueueKey(String modality, String space) {}

  private TrainingGraph(NDManager owner, GraphSpec spec, GraphAssembly parts) {
    this.owner = owner;
    momentum = spec.momentum();
    fused = Torch.fusedUpdates(owner);
    passes = new Passes(spec.precision(), spec.lowMemory());
    queryEncoders = Collections.unmodifiableMap(parts.queryEncoders());
    momentumEncoders = Collections.unmodifiableMap(parts.momentumEncoders());
    queues = Collections.unmodifiableMap(parts.queues());
    objectives = List.copyOf(parts.objectives());
    querySpaces = parts.querySpaces();
    keySpaces = parts.keySpaces();
    plan = parts.plan();
  }

  /// Builds a graph with fresh weights.
  ///
  /// @param spec what it is made of
  /// @param device where it lives
  /// @param seed seed of the weights
  /// @param samples size of the training split, for losses that keep state per sample
  /// @throws ConfigurationException where the graph cannot be trained
  public static TrainingGraph create(GraphSpec spec, Device device, long seed, long samples) {
    return Torch.alone(() -> assemble(spec, device, seed, samples));
  }

  private static TrainingGraph assemble(GraphSpec spec, Device device, long seed, long samples) {
    NDManager owner = NDManager.newBaseManager(device);
    try (var _ = Torch.withoutGradient()) {
      Torch.seed(seed);
      return new TrainingGraph(owner, spec, new GraphAssembly(spec, owner, samples));
    } catch (RuntimeException | Error e) {
      owner.close();
      throw e;
    }
  }

  /// What the graph needs from every sample.
  public BatchPlan plan() {
    return plan;
  }

  /// The query encoders by modality.
  public Map<String, Encoder> queryEncoders() {
    return queryEncoders;
  }

  /// The momentum encoders by modality; a modality that no objective takes keys of has none.
  public Map<String, Encoder> momentumEncoders() {
    return momentumEncoders;
  }

  /// The queues by modality and space.
  public Map<QueueKey, FeatureQueue> queues() {
    return queues;
  }

  /// The objectives in the configured order.
  public List<Objective> objectives() {
    return objectives;
  }

  /// Everything that is trained, in an order that follows from the configuration alone: query
  /// encoders, then objectives with parameters of their own.
  public List<Weights> trained() {
    return Stream.concat(
            queryEncoders.values().stream().map(Encoder::weights),
            objectives.stream().map(Objective::weights))
        .toList();
  }

  /// The manager that a step's managers are children of.
  public NDManager manager() {
    return owner;
  }

  /// What the encoders compute in during training.
  public Precision precision() {
    return passes.precision();
  }

  /// The fewest rows of a batch, or of a part of one, that every encoder can be trained on.
  public int fewestRows() {
    return queryEncoders.values().stream().mapToInt(Encoder::fewestRows).max().orElse(1);
  }

  /// The batch without the views of which too few rows are there to be encoded in training.
  public Batch admit(Batch batch) {
    Map<String, Batch.Views> admitted = new LinkedHashMap<>();
    batch
        .modalities()
        .forEach(
            (name, views) ->
                admitted.put(name, views.atLeast(encoder(queryEncoders, name).fewestRows())));
    return new Batch(batch.ids(), batch.instances(), admitted, batch.marks());
  }

  /// Moves the momentum encoders: θk ← m·θk + (1−m)·θq (paper, section 3.1), from the query weights
  /// as they stand before this step's update. Running statistics are the momentum encoder's own.
  public void updateMomentum() {
    momentumEncoders.forEach(
        (name, copy) ->
            copy.weights().average(encoder(queryEncoders, name).weights(), momentum, fused));
  }

  /// Encodes the views ⋆ of a batch with the momentum encoders, without gradient.
  ///
  /// @param step owns the projections; everything in between is freed
  /// @param clock hears when views are handed to the device
  public Map<String, List<ViewFeatures>> encodeKeys(Batch batch, NDManager step, StepClock clock) {
    Map<String, List<ViewFeatures>> keys = new LinkedHashMap<>();
    try (var _ = Torch.withoutGradient();
        NDManager scope = step.newSubManager()) {
      StepParameters store = new StepParameters(scope, false);
      keySpaces.forEach(
          (name, spaces) -> {
            Encoder encoder = encoder(momentumEncoders, name);
            var views = views(batch, name).keys();
            keys.put(name, passes.keys(encoder, views, spaces, store, scope, clock));
          });
      keys.values()
          .forEach(
              views ->
                  views.forEach(
                      v -> v.encoded().projections().values().forEach(a -> a.attach(step))));
    }
    return keys;
  }

  /// Encodes the views † of a batch with the query encoders, recording gradients where a collector
  /// is open.
  ///
  /// @param store hands out the parameters of the step
  /// @param part owns the features
  /// @param clock hears when views are handed to the device
  public Map<String, List<ViewFeatures>> encodeQueries(
      Batch batch, StepParameters store, NDManager part, StepClock clock) {
    Map<String, List<ViewFeatures>> queries = new LinkedHashMap<>();
    querySpaces.forEach(
        (name, spaces) -> {
          Encoder encoder = encoder(queryEncoders, name);
          var views = views(batch, name).queries();
          queries.put(name, passes.queries(encoder, views, spaces, store, part, clock));
        });
    return queries;
  }

  private static Batch.Views views(Batch batch, String modality) {
    return batch.modalities().getOrDefault(modality, new Batch.Views(List.of(), List.of()));
  }

  private static Encoder encoder(Map<String, Encoder> encoders, String name) {
    return Objects.requireNonNull(encoders.get(name), name);
  }

  /// Carries the backward pass of the objectives on through encoders that forgot what they
  /// computed, while its collector is still open; where memory is not low there is nothing left to
  /// do.
  public void backward(Map<String, List<ViewFeatures>> queries) {
    queries.values().forEach(views -> views.forEach(view -> view.encoded().backward()));
  }

  /// Evaluates the objectives on a part of a batch.
  ///
  /// @return by name, in the configured order; an objective without rows is absent
  public Map<String, Term> evaluate(
      StepFeatures features, StepParameters store, Moment moment, NDManager step) {
    Map<String, Term> terms = new LinkedHashMap<>();
    Masks masks = new Masks(step);
    for (Objective objective : objectives) {
      objective
          .evaluate(features, store, moment, masks, step)
          .ifPresent(term -> terms.put(objective.name(), term));
    }
    return terms;
  }

  /// Brings the parameters of losses that are directions back to length 1, after the optimiser.
  ///
  /// @param parameters of the step
  public void settle(StepParameters parameters) {
    objectives.forEach(objective -> objective.settle(parameters));
  }

  /// Enqueues the keys of a part of a batch, after the losses have seen the queues without them.
  /// This is the one place where keys enter a queue.
  public void enqueue(PartKeys keys) {
    Batch batch = keys.batch();
    queues.forEach(
        (place, queue) ->
            keys.first(place.modality())
                .ifPresent(
                    first ->
                        queue.enqueue(
                            first.projection(place.space()),
                            batch.instances(first.rows()),
                            batch.marks(first.rows()))));
  }

  /// Everything that a checkpoint must hold, by name: `query.`, `momentum.`, `queue.`, `loss.` and
  /// `state.` arrays.
  ///
  /// @param scope owns what has to be made for it; the weights themselves are not copied
  public Map<String, NDArray> state(NDManager scope) {
    Map<String, NDArray> state = fixedState();
    queues.forEach(
        (key, queue) -> queue.state(scope).forEach((n, a) -> state.put(prefix(key) + n, a)));
    return state;
  }

  /// The part of the state whose shapes do not change.
  private Map<String, NDArray> fixedState() {
    Map<String, NDArray> state = new LinkedHashMap<>(weights());
    for (Objective objective : objectives) {
      String name = objective.name() + ".";
      objective.weights().arrays().forEach((n, a) -> state.put("loss." + name + n, a));
      objective.state().forEach((n, a) -> state.put("state." + name + n, a));
    }
    return state;
  }

  private static String prefix(QueueKey key) {
    return "queue." + key.modality() + "." + key.space() + ".";
  }

  /// All query and momentum weights by name, in name order.
  public Map<String, NDArray> weights() {
    Map<String, NDArray> weights = new TreeMap<>();
    queryEncoders.forEach(
        (modality, encoder) ->
            encoder
                .weights()
                .arrays()
                .forEach((n, a) -> weights.put(name("query", modality, n), a)));
    momentumEncoders.forEach(
        (modality, encoder) ->
            encoder
                .weights()
                .arrays()
                .forEach((n, a) -> weights.put(name("momentum", modality, n), a)));
    return weights;
  }

  private static String name(String role, String modality, String parameter) {
    return role + "." + modality + "." + parameter;
  }

  /// Takes over what [#state] gave.
  ///
  /// @throws mmct.api.MmctException where an array is missing or of another shape
  public void restore(Map<String, NDArray> state) {
    fixedState()
        .forEach((name, array) -> Torch.copy(Saved.find(state, name, array.getShape()), array));
    queues.forEach((key, queue) -> queue.restore(state, prefix(key)));
  }

  /// Makes a modality's momentum encoder a copy of its query encoder, as it is in a new graph: for
  /// query weights that were set from outside.
  public void copyToMomentum(String modality) {
    Encoder copy = momentumEncoders.get(modality);
    if (copy != null) {
      copy.weights().copyFrom(encoder(queryEncoders, modality).weights());
    }
  }

  /// Takes over the query and momentum weights of what [#state] gave, and nothing else.
  ///
  /// @throws mmct.api.MmctException where an array is missing or of another shape
  public void restoreWeights(Map<String, NDArray> state) {
    weights()
        .forEach((name, array) -> Torch.copy(Saved.find(state, name, array.getShape()), array));
  }

  @Override
  public void close() {
    owner.close();
  }
}
