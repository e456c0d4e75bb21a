package mmct.api.graph;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import mmct.api.config.ConfigurationException;
import mmct.api.engine.Torch;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.Objective.Participant;
import mmct.api.graph.Objective.Term;
import mmct.api.graph.StepFeatures.ViewFeatures;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.spi.Needs;
import org.jspecify.annotations.Nullable;

/// The symmetric training graph: for each modality a query encoder and its momentum copy, queues of
/// momentum features, and the objectives that compare them. It knows no modality by name.
///
/// A step uses it in this order: [#updateMomentum], [#encodeKeys], [#encodeQueries], [#evaluate],
/// backward and optimiser, [#enqueue]. All arrays of a step belong to the managers handed in.
public final class TrainingGraph implements AutoCloseable {
  /// Elements of a piece of the flat weights that stays in a core's cache.
  private static final long PIECE = 1 << 18;

  private final NDManager owner;
  private final GraphSpec spec;
  private final Map<String, Encoder> queryEncoders = new LinkedHashMap<>();
  private final Map<String, Encoder> momentumEncoders = new LinkedHashMap<>();
  private final Map<QueueKey, FeatureQueue> queues = new LinkedHashMap<>();
  private final List<Objective> objectives = new ArrayList<>();
  private final Map<String, Set<String>> querySpaces = new LinkedHashMap<>();
  private final Map<String, Set<String>> keySpaces = new LinkedHashMap<>();
  private final BatchPlan plan;

  /// A queue's place: the keys of one modality in one space.
  public record QueueKey(String modality, String space) {}

  private TrainingGraph(GraphSpec spec, Device device, long samples) {
    this.spec = spec;
    owner = NDManager.newBaseManager(device);
    Map<String, int[]> views = new LinkedHashMap<>();
    for (ObjectiveSpec objective : active(spec).values()) {
      sides(objective).forEach(side -> require(objective, side.getKey(), side.getValue(), views));
    }
    views.forEach((modality, count) -> addEncoders(modality, count[1] > 0));
    active(spec).forEach((name, objective) -> addObjective(name, objective, samples));
    Map<String, BatchPlan.Draw> draws = new LinkedHashMap<>();
    views.forEach(
        (name, count) -> draws.put(name, new BatchPlan.Draw(modality(name), count[0], count[1])));
    Map<String, BatchPlan.Marks> marks = new LinkedHashMap<>();
    active(spec)
        .forEach(
            (name, objective) ->
                objective
                    .positives()
                    .ifPresent(r -> marks.put(name, new BatchPlan.Marks(r, modality(r.of())))));
    plan = new BatchPlan(draws, marks);
  }

  /// Builds a graph with fresh weights.
  ///
  /// @param spec what it is made of
  /// @param device where it lives
  /// @param seed seed of the weights
  /// @param samples size of the training split, for losses that keep state per sample
  /// @throws ConfigurationException where the graph cannot be trained
  public static TrainingGraph create(GraphSpec spec, Device device, long seed, long samples) {
    GraphCheck.check(spec);
    try (var _ = Torch.withoutGradient()) {
      Torch.seed(seed);
      return new TrainingGraph(spec, device, samples);
    }
  }

  /// Objectives of weight zero are left out: they would cost their time and change nothing.
  private static Map<String, ObjectiveSpec> active(GraphSpec spec) {
    Map<String, ObjectiveSpec> active = new LinkedHashMap<>(spec.objectives());
    active.values().removeIf(objective -> objective.weight() == 0);
    return active;
  }

  /// By position, since query and key may be the same modality.
  private static List<Map.Entry<String, Needs.Side>> sides(ObjectiveSpec objective) {
    List<String> names = objective.modalities();
    return switch (objective.loss().needs().form()) {
      case Needs.Pair pair ->
          List.of(
              Map.entry(names.getFirst(), pair.query()), Map.entry(names.getLast(), pair.key()));
      case Needs.Joint joint -> names.stream().map(n -> Map.entry(n, joint.each())).toList();
    };
  }

  private void require(
      ObjectiveSpec objective, String modality, Needs.Side side, Map<String, int[]> views) {
    int[] count = views.computeIfAbsent(modality, name -> new int[2]);
    count[0] = Math.max(count[0], side.queries());
    count[1] = Math.max(count[1], side.keys());
    if (side.queries() > 0) {
      add(querySpaces, modality, objective.space());
    }
    if (side.keys() > 0) {
      add(keySpaces, modality, objective.space());
    }
  }

  private static void add(Map<String, Set<String>> spaces, String modality, String space) {
    spaces.computeIfAbsent(modality, name -> new LinkedHashSet<>()).add(space);
  }

  private Modality modality(String name) {
    return Objects.requireNonNull(spec.modalities().get(name), name);
  }

  private SpaceConfig space(String name) {
    return Objects.requireNonNull(spec.spaces().get(name), name);
  }

  private void addEncoders(String name, boolean keys) {
    Set<String> used = new LinkedHashSet<>(querySpaces.getOrDefault(name, Set.of()));
    used.addAll(keySpaces.getOrDefault(name, Set.of()));
    Map<String, SpaceConfig> spaces = new LinkedHashMap<>();
    used.forEach(space -> spaces.put(space, space(space)));
    Encoder query = Encoder.create(backbone(name, true), spaces, owner);
    queryEncoders.put(name, query);
    if (keys) {
      Encoder momentum = Encoder.create(backbone(name, spec.keyDropout()), spaces, owner);
      momentum.weights().copyFrom(query.weights());
      momentumEncoders.put(name, momentum);
    }
  }

  private Backbone backbone(String name, boolean dropout) {
    return modality(name)
        .newBackbone(dropout)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "modalities.%s has no encoder, so it cannot be query or key of an objective"
                        .formatted(name)));
  }

  private void addObjective(String name, ObjectiveSpec objective, long samples) {
    List<Participant> participants =
        sides(objective).stream()
            .map(e -> new Participant(e.getKey(), e.getValue(), queue(objective, e)))
            .toList();
    objectives.add(
        new Objective(
            name,
            objective,
            participants,
            space(objective.space()).width(),
            spec.maskSameInstance(),
            samples,
            owner));
  }

  private Optional<FeatureQueue> queue(
      ObjectiveSpec objective, Map.Entry<String, Needs.Side> side) {
    SpaceConfig space = space(objective.space());
    int capacity = space.queue().orElse(spec.queue());
    if (side.getValue().queue() == Needs.Queue.NONE || !objective.queued() || capacity == 0) {
      return Optional.empty();
    }
    QueueKey key = new QueueKey(side.getKey(), objective.space());
    FeatureQueue queue = queues.get(key);
    if (queue == null) {
      queue = new FeatureQueue(capacity, space.width(), rules(key), owner);
      if (spec.randomQueue()) {
        queue.fillRandomly();
      }
      queues.put(key, queue);
    }
    return Optional.of(queue);
  }

  /// The objectives whose rules look at the rows of a queue.
  private Set<String> rules(QueueKey key) {
    Set<String> rules = new LinkedHashSet<>();
    active(spec)
        .forEach(
            (name, objective) -> {
              if (objective.positives().isPresent()
                  && objective.space().equals(key.space())
                  && objective.modalities().getLast().equals(key.modality())) {
                rules.add(name);
              }
            });
    return rules;
  }

  /// What the graph needs from every sample.
  public BatchPlan plan() {
    return plan;
  }

  /// The query encoders by modality.
  public Map<String, Encoder> queryEncoders() {
    return Collections.unmodifiableMap(queryEncoders);
  }

  /// The momentum encoders by modality; a modality that no objective takes keys of has none.
  public Map<String, Encoder> momentumEncoders() {
    return Collections.unmodifiableMap(momentumEncoders);
  }

  /// The queues by modality and space.
  public Map<QueueKey, FeatureQueue> queues() {
    return Collections.unmodifiableMap(queues);
  }

  /// The objectives in the configured order.
  public List<Objective> objectives() {
    return Collections.unmodifiableList(objectives);
  }

  /// The manager that a step's managers are children of.
  public NDManager manager() {
    return owner;
  }

  /// The batch without the views of which too few rows are there to be encoded in training.
  public Batch admit(Batch batch) {
    Map<String, Batch.Views> admitted = new LinkedHashMap<>();
    batch
        .modalities()
        .forEach(
            (name, views) -> {
              int fewest = encoder(queryEncoders, name).fewestRows();
              admitted.put(
                  name,
                  new Batch.Views(admit(views.queries(), fewest), admit(views.keys(), fewest)));
            });
    return new Batch(batch.ids(), batch.instances(), admitted, batch.marks());
  }

  private static List<Batch.Rows> admit(List<Batch.Rows> views, int fewest) {
    return views.stream()
        .map(view -> view.rows().length < fewest ? new Batch.Rows(new int[0], List.of()) : view)
        .toList();
  }

  /// Moves the momentum encoders: θk ← m·θk + (1−m)·θq (paper, section 3.1), from the query weights
  /// as they stand before this step's update. Running statistics are the momentum encoder's own.
  public void updateMomentum() {
    momentumEncoders.forEach(
        (name, momentum) ->
            average(momentum.weights().flat(), encoder(queryEncoders, name).weights().flat()));
  }

  private void average(NDArray momentum, NDArray query) {
    try (NDManager scope = owner.newSubManager()) {
      NDArray keep = scope.create((float) spec.momentum());
      NDArray take = scope.create((float) (1 - spec.momentum()));
      long size = query.size();
      long piece = owner.getDevice().isGpu() ? size : PIECE;
      for (long from = 0; from < size; from += piece) {
        long to = Math.min(size, from + piece);
        try (NDManager part = scope.newSubManager()) {
          NDArray share = Torch.rows(query, from, to, part).mul(take);
          Torch.rows(momentum, from, to, part).muli(keep).addi(share);
        }
      }
    }
  }

  /// Encodes the views ⋆ of a batch with the momentum encoders, without gradient.
  ///
  /// @param step owns the projections; everything in between is freed
  public Map<String, List<ViewFeatures>> encodeKeys(Batch batch, NDManager step) {
    Map<String, List<ViewFeatures>> keys = new LinkedHashMap<>();
    try (var _ = Torch.withoutGradient();
        NDManager scope = step.newSubManager()) {
      StepParameters store = new StepParameters(scope, false);
      keySpaces.forEach(
          (name, spaces) -> {
            Encoder encoder = encoder(momentumEncoders, name);
            keys.put(name, encode(encoder, views(batch, name).keys(), spaces, store, scope));
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
  public Map<String, List<ViewFeatures>> encodeQueries(
      Batch batch, StepParameters store, NDManager part) {
    Map<String, List<ViewFeatures>> queries = new LinkedHashMap<>();
    querySpaces.forEach(
        (name, spaces) -> {
          Encoder encoder = encoder(queryEncoders, name);
          queries.put(name, encode(encoder, views(batch, name).queries(), spaces, store, part));
        });
    return queries;
  }

  private static Batch.Views views(Batch batch, String modality) {
    return batch.modalities().getOrDefault(modality, new Batch.Views(List.of(), List.of()));
  }

  private static Encoder encoder(Map<String, Encoder> encoders, String name) {
    return Objects.requireNonNull(encoders.get(name), name);
  }

  private static List<ViewFeatures> encode(
      Encoder encoder,
      List<Batch.Rows> views,
      Set<String> spaces,
      StepParameters store,
      NDManager scope) {
    List<ViewFeatures> features = new ArrayList<>();
    for (Batch.Rows view : views) {
      if (view.rows().length == 0) {
        // Views come in order: where the first is absent, so are the others.
        break;
      }
      NDList inputs = new NDList();
      view.inputs().forEach(input -> inputs.add(input.toArray(scope)));
      features.add(new ViewFeatures(view.rows(), encoder.encode(store, inputs, true, spaces)));
    }
    return features;
  }

  /// Evaluates the objectives on a batch.
  ///
  /// @return by name, in the configured order; an objective without rows is absent
  public Map<String, Term> evaluate(
      Batch batch, StepFeatures features, StepParameters store, Moment moment, NDManager step) {
    Map<String, Term> terms = new LinkedHashMap<>();
    for (Objective objective : objectives) {
      objective
          .evaluate(batch, features, store, moment, step)
          .ifPresent(term -> terms.put(objective.name(), term));
    }
    return terms;
  }

  /// Enqueues the keys of a batch, after the losses have seen the queues without them. This is the
  /// one place where keys enter a queue.
  public void enqueue(Batch batch, Map<String, List<ViewFeatures>> keys) {
    queues.forEach(
        (place, queue) -> {
          List<ViewFeatures> views = keys.getOrDefault(place.modality(), List.of());
          if (!views.isEmpty()) {
            ViewFeatures first = views.getFirst();
            long[] instances =
                Arrays.stream(first.rows()).mapToLong(r -> batch.instances()[r]).toArray();
            queue.enqueue(first.projection(place.space()), instances, marksOf(batch, first.rows()));
          }
        });
  }

  private static Map<String, List<int @Nullable []>> marksOf(Batch batch, int[] rows) {
    Map<String, List<int @Nullable []>> marks = new LinkedHashMap<>();
    batch
        .marks()
        .forEach(
            (rule, all) -> {
              List<int @Nullable []> chosen = new ArrayList<>();
              for (int row : rows) {
                chosen.add(all.get(row));
              }
              marks.put(rule, chosen);
            });
    return marks;
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
