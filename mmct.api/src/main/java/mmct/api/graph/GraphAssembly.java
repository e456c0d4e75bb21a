package mmct.api.graph;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import mmct.api.config.ConfigurationException;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Objective.Participant;
import mmct.api.graph.TrainingGraph.QueueKey;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.spi.Needs;

/// Builds the parts of a training graph from its specification: what the objectives need, and
/// nothing else.
final class GraphAssembly {
  private final GraphSpec spec;
  private final NDManager owner;

  private final BatchPlan plan;
  private final Map<String, ObjectiveSpec> active;

  private final Map<String, Encoder> queryEncoders = new LinkedHashMap<>();
  private final Map<String, Encoder> momentumEncoders = new LinkedHashMap<>();
  private final Map<QueueKey, FeatureQueue> queues = new LinkedHashMap<>();
  private final List<Objective> objectives = new ArrayList<>();
  private final Map<String, Set<String>> querySpaces = new LinkedHashMap<>();
  private final Map<String, Set<String>> keySpaces = new LinkedHashMap<>();

  /// Builds everything.
  ///
  /// @param spec what is built
  /// @param owner keeps all arrays
  /// @param samples size of the training split, for losses that keep state per sample
  GraphAssembly(GraphSpec spec, NDManager owner, long samples) {
    this.spec = spec;
    this.owner = owner;
    active = spec.active();
    plan = BatchPlan.of(spec);
    active.values().forEach(this::noteSpaces);
    plan.modalities().forEach((modality, draw) -> addEncoders(modality, draw.keys() > 0));
    active.forEach((name, objective) -> addObjective(name, objective, samples));
  }

  Map<String, Encoder> queryEncoders() {
    return queryEncoders;
  }

  Map<String, Encoder> momentumEncoders() {
    return momentumEncoders;
  }

  Map<QueueKey, FeatureQueue> queues() {
    return queues;
  }

  List<Objective> objectives() {
    return objectives;
  }

  /// By modality, the spaces in which its queries are compared.
  Map<String, Set<String>> querySpaces() {
    return querySpaces;
  }

  /// By modality, the spaces in which its keys are compared.
  Map<String, Set<String>> keySpaces() {
    return keySpaces;
  }

  /// What the graph needs from every sample.
  BatchPlan plan() {
    return plan;
  }

  private void noteSpaces(ObjectiveSpec objective) {
    for (Map.Entry<String, Needs.Side> entry : objective.sides()) {
      String modality = entry.getKey();
      Needs.Side side = entry.getValue();
      if (side.queries() > 0) {
        add(querySpaces, modality, objective.space());
      }
      if (side.keys() > 0) {
        add(keySpaces, modality, objective.space());
      }
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
    Encoder query = encoder(name, true, spaces);
    queryEncoders.put(name, query);
    if (keys) {
      Encoder momentum = encoder(name, spec.keyDropout(), spaces);
      momentum.weights().copyFrom(query.weights());
      momentumEncoders.put(name, momentum);
    }
  }

  private Encoder encoder(String name, boolean dropout, Map<String, SpaceConfig> spaces) {
    Backbone backbone = backbone(name, dropout);
    return Encoder.create(
        backbone, spaces, owner, new EncoderContract(name, modality(name), backbone));
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
    int width = space(objective.space()).width();
    List<Participant> participants =
        objective.sides().stream()
            .map(e -> new Participant(e.getKey(), e.getValue(), queue(objective, e)))
            .toList();
    objectives.add(
        new Objective(
            name,
            objective,
            participants,
            width,
            spec.maskSameInstance(),
            new LossMemory(objective.loss().needs(), width, samples, owner)));
  }

  private Optional<FeatureQueue> queue(
      ObjectiveSpec objective, Map.Entry<String, Needs.Side> side) {
    SpaceConfig space = space(objective.space());
    int capacity = space.queue().orElse(spec.queue());
    if (side.getValue().queue() == Needs.Queue.NONE || !objective.queued() || capacity == 0) {
      return Optional.empty();
    }
    QueueKey key = new QueueKey(side.getKey(), objective.space());
    return Optional.of(queues.computeIfAbsent(key, k -> newQueue(k, capacity, space.width())));
  }

  private FeatureQueue newQueue(QueueKey key, int capacity, int width) {
    FeatureQueue queue = new FeatureQueue(capacity, width, rules(key), owner);
    if (spec.randomQueue()) {
      queue.fillRandomly();
    }
    return queue;
  }

  /// The objectives whose rules look at the rows of a queue.
  private Set<String> rules(QueueKey key) {
    Set<String> rules = new LinkedHashSet<>();
    active.forEach(
        (name, objective) -> {
          if (objective.positives().isPresent()
              && objective.space().equals(key.space())
              && objective.modalities().getLast().equals(key.modality())) {
            rules.add(name);
          }
        });
    return rules;
  }
}
