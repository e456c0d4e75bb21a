package mmct.api.spi;

import java.util.List;

/// What a loss needs from the graph.
///
/// @param form one query side and one key side, or several modalities at once
/// @param parameters trained parameters of its own, such as a temperature or prototypes
/// @param state what it remembers between steps, kept in checkpoints
public record Needs(Form form, List<LossParameter> parameters, List<LossState> state) {
  /// Copies the lists.
  public Needs {
    parameters = List.copyOf(parameters);
    state = List.copyOf(state);
  }

  /// One query, one key, a queue where there is one, and a positives rule where one is configured.
  public static Needs pair() {
    return new Needs(new Pair(Side.query(), Side.key(Queue.OPTIONAL), true), List.of(), List.of());
  }

  /// Whether any side has a use for the queue.
  public boolean usesQueue() {
    return switch (form) {
      case Pair pair -> pair.query().queue() != Queue.NONE || pair.key().queue() != Queue.NONE;
      case Joint joint -> joint.each().queue() != Queue.NONE;
    };
  }

  /// The same needs with another form.
  public Needs form(Form other) {
    return new Needs(other, parameters, state);
  }

  /// The same needs with trained parameters.
  public Needs parameters(LossParameter... more) {
    return new Needs(form, List.of(more), state);
  }

  /// The same needs with state.
  public Needs state(LossState... more) {
    return new Needs(form, parameters, List.of(more));
  }

  /// How the participants stand to each other.
  public sealed interface Form {}

  /// One query side and one key side, the same modality or two.
  ///
  /// @param query what is needed of the query's modality
  /// @param key what is needed of the key's modality
  /// @param positives whether a positives rule may be configured
  public record Pair(Side query, Side key, boolean positives) implements Form {}

  /// Several modalities at once, of the same rows.
  ///
  /// @param atLeast the fewest modalities
  /// @param atMost the most
  /// @param each what is needed of each
  public record Joint(int atLeast, int atMost, Side each) implements Form {}

  /// What is needed of one participating modality.
  ///
  /// @param queries views encoded by the query encoder, with gradient
  /// @param keys views encoded by the momentum encoder, without
  /// @param queue whether the momentum keys of earlier steps are needed
  /// @param backbone whether the backbone's features are needed beside the projected ones
  public record Side(int queries, int keys, Queue queue, boolean backbone) {
    /// Checks that the needs can be met.
    public Side {
      if (queries < 0 || keys < 0 || queries + keys == 0) {
        throw new IllegalArgumentException(
            "a side needs at least one view but asked for %d queries and %d keys"
                .formatted(queries, keys));
      }
      if (queue != Queue.NONE && keys == 0) {
        throw new IllegalArgumentException("a queue is of keys, but the side asked for none");
      }
      if (backbone && queries == 0) {
        throw new IllegalArgumentException(
            "the backbone's features are those of a query view, but the side asked for none");
      }
    }

    /// One query view and nothing else.
    public static Side query() {
      return new Side(1, 0, Queue.NONE, false);
    }

    /// One key view.
    public static Side key(Queue queue) {
      return new Side(0, 1, queue, false);
    }
  }

  /// Whether a loss uses the queue.
  public enum Queue {
    /// The loss has no use for it; configuring one for it is refused.
    NONE,
    /// Used where the configuration keeps one.
    OPTIONAL,
    /// The loss means nothing without it.
    REQUIRED
  }
}
