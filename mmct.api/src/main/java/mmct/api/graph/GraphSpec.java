package mmct.api.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import mmct.api.engine.Precision;
import mmct.api.spi.Loss;
import mmct.api.spi.Modality;
import mmct.api.spi.Needs;
import mmct.api.spi.PositivesRule;

/// What a training graph is made of.
///
/// @param modalities by name
/// @param spaces by name
/// @param objectives by name
/// @param queue rows of every queue whose space does not say otherwise; 0 keeps none
/// @param randomQueue whether queues start filled with random unit rows
/// @param maskSameInstance whether queue rows of the query's own instance are left out
/// @param momentum share of the old value in a momentum encoder's update
/// @param keyDropout whether dropout is active in the momentum encoders
/// @param precision what the encoders compute in during training, never [Precision#AUTO]
/// @param lowMemory whether the query encoders forget what they computed and compute it again in
///     the backward pass
public record GraphSpec(
    Map<String, Modality> modalities,
    Map<String, SpaceConfig> spaces,
    Map<String, ObjectiveSpec> objectives,
    int queue,
    boolean randomQueue,
    boolean maskSameInstance,
    double momentum,
    boolean keyDropout,
    Precision precision,
    boolean lowMemory) {
  /// Copies the maps, keeping their order.
  public GraphSpec {
    modalities = Collections.unmodifiableMap(new LinkedHashMap<>(modalities));
    spaces = Collections.unmodifiableMap(new LinkedHashMap<>(spaces));
    objectives = Collections.unmodifiableMap(new LinkedHashMap<>(objectives));
  }

  /// The objectives that count: those of weight zero are left out of a graph, since they would cost
  /// their time and change nothing.
  Map<String, ObjectiveSpec> active() {
    Map<String, ObjectiveSpec> active = new LinkedHashMap<>(objectives);
    active.values().removeIf(objective -> objective.weight() == 0);
    return active;
  }

  /// Starts a graph in Java.
  public static Builder builder() {
    return new Builder();
  }

  /// One objective of a graph.
  ///
  /// @param loss what is computed
  /// @param modalities query and key, or all modalities of a joint loss
  /// @param space where they are compared
  /// @param weight λ, its share of the total
  /// @param positives which queue rows are positives too
  /// @param inBatchNegatives whether the keys of the batch's other rows are candidates like queue
  ///     rows
  /// @param queued whether the queue takes part where the loss can use one
  public record ObjectiveSpec(
      Loss loss,
      List<String> modalities,
      String space,
      double weight,
      Optional<PositivesRule> positives,
      boolean inBatchNegatives,
      boolean queued) {
    /// Copies the list.
    public ObjectiveSpec {
      modalities = List.copyOf(modalities);
    }

    /// An objective with a queue and nothing special.
    public ObjectiveSpec(Loss loss, List<String> modalities, String space, double weight) {
      this(loss, modalities, space, weight, Optional.empty(), false, true);
    }

    /// What the loss needs of each modality; by position, since query and key may be the same one.
    List<Entry<String, Needs.Side>> sides() {
      return switch (loss.needs().form()) {
        case Needs.Pair pair ->
            List.of(
                Map.entry(modalities.getFirst(), pair.query()),
                Map.entry(modalities.getLast(), pair.key()));
        case Needs.Joint joint -> modalities.stream().map(n -> Map.entry(n, joint.each())).toList();
      };
    }

    /// The same objective with a positives rule.
    public ObjectiveSpec positives(PositivesRule rule) {
      return new ObjectiveSpec(
          loss, modalities, space, weight, Optional.of(rule), inBatchNegatives, queued);
    }
  }

  /// Collects the parts of a graph. The momentum is 0.999 and the queue has 65,536 rows unless told
  /// otherwise.
  public static final class Builder {
    private final Map<String, Modality> modalities = new LinkedHashMap<>();
    private final Map<String, SpaceConfig> spaces = new LinkedHashMap<>();
    private final Map<String, ObjectiveSpec> objectives = new LinkedHashMap<>();
    private int queue = 65_536;
    private boolean randomQueue;
    private boolean maskSameInstance = true;
    private double momentum = 0.999;
    private boolean keyDropout;
    private Precision precision = Precision.FLOAT32;
    private boolean lowMemory;

    private Builder() {}

    /// Adds a modality.
    public Builder modality(String name, Modality modality) {
      modalities.put(name, modality);
      return this;
    }

    /// Adds a space.
    public Builder space(String name, SpaceConfig space) {
      spaces.put(name, space);
      return this;
    }

    /// Adds an objective.
    public Builder objective(String name, ObjectiveSpec objective) {
      objectives.put(name, objective);
      return this;
    }

    /// Adds an objective between a query and a key modality.
    public Builder objective(
        String name, Loss loss, String query, String key, String space, double weight) {
      return objective(name, new ObjectiveSpec(loss, List.of(query, key), space, weight));
    }

    /// Sets the rows of the queues.
    public Builder queue(int rows) {
      queue = rows;
      return this;
    }

    /// Starts queues with random unit rows.
    public Builder randomQueue(boolean random) {
      randomQueue = random;
      return this;
    }

    /// Sets whether queue rows of the query's own instance are left out.
    public Builder maskSameInstance(boolean mask) {
      maskSameInstance = mask;
      return this;
    }

    /// Sets the momentum of the key encoders.
    public Builder momentum(double share) {
      momentum = share;
      return this;
    }

    /// Sets whether dropout is active in the momentum encoders.
    public Builder keyDropout(boolean active) {
      keyDropout = active;
      return this;
    }

    /// Sets what the encoders compute in during training; see
    /// [mmct.api.engine.PrecisionChoice#of] for what a device can.
    public Builder precision(Precision format) {
      precision = format;
      return this;
    }

    /// Sets whether the query encoders compute twice rather than keep what they computed.
    public Builder lowMemory(boolean low) {
      lowMemory = low;
      return this;
    }

    /// The graph's specification.
    public GraphSpec build() {
      return new GraphSpec(
          modalities,
          spaces,
          objectives,
          queue,
          randomQueue,
          maskSameInstance,
          momentum,
          keyDropout,
          precision,
          lowMemory);
    }
  }
}
