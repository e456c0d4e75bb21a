package mmct.api.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/// What a loss sees. All features are L2-normalised; only query features and the loss's own
/// parameters carry a gradient. Rows are those in which every participant is present, in the same
/// order everywhere.
///
/// Shapes: n rows, d width, k queue rows.
public final class LossInput {
  private final List<Features> sides;
  private final Optional<NDArray> positives;
  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> state;
  private final Optional<NDArray> sameInstance;
  private final long[] instances;
  private final long step;
  private final double epoch;

  private LossInput(Builder builder) {
    sides = List.copyOf(builder.sides);
    positives = builder.positives;
    parameters = Map.copyOf(builder.parameters);
    state = Map.copyOf(builder.state);
    sameInstance = builder.sameInstance;
    instances = builder.instances.clone();
    step = builder.step;
    epoch = builder.epoch;
  }

  /// One query against one key: starts an input for a pair.
  ///
  /// @param query `[n, d]`
  /// @param key `[n, d]`
  public static Builder pair(NDArray query, NDArray key) {
    return new Builder()
        .side(Features.of(List.of(query), List.of()))
        .side(Features.of(List.of(), List.of(key)));
  }

  /// Several modalities at once: starts an input of one query view each.
  ///
  /// @param queries `[n, d]` for each modality
  public static Builder joint(List<NDArray> queries) {
    Builder builder = new Builder();
    for (NDArray query : queries) {
      builder.side(Features.of(List.of(query), List.of()));
    }
    return builder;
  }

  /// The participants: query side and key side, or the modalities in the configured order.
  public List<Features> sides() {
    return sides;
  }

  /// The query features of the first participant, `[n, d]`.
  public NDArray query() {
    return sides.getFirst().queries().getFirst();
  }

  /// The momentum features of the last participant, `[n, d]`.
  public NDArray key() {
    return sides.getLast().keys().getFirst();
  }

  /// The filled queue rows of the last participant, `[k, d]`; k is 0 where there are none yet or
  /// no queue is kept.
  public NDArray queue() {
    return sides
        .getLast()
        .queue()
        .orElseGet(() -> manager().create(new Shape(0, query().getShape().get(1))));
  }

  /// Which queue rows of the last participant are positives too, boolean `[n, k]`; empty where
  /// none is.
  public Optional<NDArray> positives() {
    return positives;
  }

  /// Which queue rows of the last participant take no part because they are of the query's own
  /// instance, boolean `[n, k]`; empty where none is. A masked row is never a positive.
  public Optional<NDArray> masked() {
    return sides.getLast().masked();
  }

  /// Which other rows of the batch are of a row's own instance, boolean `[n, n]` with nothing on
  /// the diagonal; empty where none is, and where the run does not mask them. A loss that compares
  /// the rows of a batch with each other takes such a pair neither for a negative nor for a
  /// positive.
  public Optional<NDArray> sameInstance() {
    return sameInstance;
  }

  /// A trained parameter of the loss.
  public NDArray parameter(String name) {
    return declared(parameters, "parameter", name);
  }

  /// A state of the loss: the whole, or the rows of this batch `[n, ...]`.
  public NDArray state(String name) {
    return declared(state, "state", name);
  }

  private static NDArray declared(Map<String, NDArray> arrays, String kind, String name) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException(
          "the loss declared no %s '%s' in its needs".formatted(kind, name));
    }
    return array;
  }

  /// A stable number per row, length n, the same whenever the same sample comes again.
  public long[] instances() {
    return instances.clone();
  }

  /// The number of optimiser steps done before this one.
  public long step() {
    return step;
  }

  /// The number of epochs done, with its fraction.
  public double epoch() {
    return epoch;
  }

  /// The manager of the step; whatever is created in it is freed with the step.
  public NDManager manager() {
    return sides.getFirst().any().getManager();
  }

  /// What is known of one participant.
  ///
  /// @param queries per view, the query encoder's features `[n, d]`
  /// @param keys per view, the momentum encoder's features `[n, d]`; all rows have all of them
  /// @param present per query view after the first, which rows have it, boolean `[n]`; rows without
  ///     hold zeros
  /// @param queue the filled queue rows `[k, d]`
  /// @param masked which queue rows take no part because they are of the row's own instance,
  ///     boolean `[n, k]`; empty where none is
  /// @param backbone the backbone's features of the first query view `[n, w]`
  public record Features(
      List<NDArray> queries,
      List<NDArray> keys,
      List<NDArray> present,
      Optional<NDArray> queue,
      Optional<NDArray> masked,
      Optional<NDArray> backbone) {
    /// Features without a queue and the backbone's.
    ///
    /// @param queries per view, `[n, d]`, which all rows have
    /// @param keys per view, `[n, d]`
    public static Features of(List<NDArray> queries, List<NDArray> keys) {
      List<NDArray> present =
          queries.stream()
              .skip(1)
              .map(
                  view ->
                      view.getManager()
                          .ones(new Shape(view.getShape().get(0)), DataType.BOOLEAN)) // [n]
              .toList();
      return new Features(
          queries, keys, present, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Copies the lists, and checks that there are as many of `present` as of further queries.
    public Features {
      queries = List.copyOf(queries);
      keys = List.copyOf(keys);
      present = List.copyOf(present);
      if (present.size() != Math.max(0, queries.size() - 1)) {
        throw new IllegalArgumentException(
            "of every query view after the first it must be said which rows have it, but there are %d views and %d such arrays"
                .formatted(queries.size(), present.size()));
      }
    }

    private NDArray any() {
      return queries.isEmpty() ? keys.getFirst() : queries.getFirst();
    }
  }

  /// Collects the parts of an input.
  public static final class Builder {
    private final List<Features> sides = new ArrayList<>();
    private Optional<NDArray> positives = Optional.empty();
    private final Map<String, NDArray> parameters = new HashMap<>();
    private final Map<String, NDArray> state = new HashMap<>();
    private Optional<NDArray> sameInstance = Optional.empty();
    private long[] instances = {};
    private long step;
    private double epoch;

    /// An input without participants; add them with [#side].
    public Builder() {}

    /// Adds a participant.
    public Builder side(Features features) {
      sides.add(features);
      return this;
    }

    /// Gives the last participant a queue, `[k, d]`.
    public Builder queue(NDArray rows) {
      Features last = sides.getLast();
      return last(Optional.of(rows), last.masked(), last.backbone());
    }

    /// Marks queue rows of the last participant that take no part, boolean `[n, k]`.
    public Builder masked(NDArray rows) {
      Features last = sides.getLast();
      return last(last.queue(), Optional.of(rows), last.backbone());
    }

    /// Gives the last participant the backbone's features of its first query view, `[n, w]`.
    public Builder backbone(NDArray rows) {
      Features last = sides.getLast();
      return last(last.queue(), last.masked(), Optional.of(rows));
    }

    private Builder last(
        Optional<NDArray> queue, Optional<NDArray> masked, Optional<NDArray> backbone) {
      Features last = sides.removeLast();
      return side(
          new Features(last.queries(), last.keys(), last.present(), queue, masked, backbone));
    }

    /// Marks positives among the queue rows of the last participant, boolean `[n, k]`.
    public Builder positives(NDArray rows) {
      positives = Optional.of(rows);
      return this;
    }

    /// Adds a trained parameter.
    public Builder parameter(String name, NDArray value) {
      parameters.put(name, value);
      return this;
    }

    /// Adds a state.
    public Builder state(String name, NDArray value) {
      state.put(name, value);
      return this;
    }

    /// Adds all parameters and states that a loss declares, with the values of the start and
    /// without noise: for losses that are evaluated outside a graph. The participants are there
    /// already.
    public Builder declared(Needs needs) {
      NDArray any = sides.getFirst().any(); // [n, d]
      NDManager manager = any.getManager();
      long rows = any.getShape().get(0);
      int width = Math.toIntExact(any.getShape().get(1));
      for (LossParameter each : needs.parameters()) {
        parameter(each.name(), manager.full(each.shape(width), (float) each.initial()));
      }
      for (LossState each : needs.state()) {
        Shape shape = each.perSample() ? new Shape(rows).addAll(each.shape()) : each.shape();
        state(each.name(), manager.full(shape, (float) each.initial()));
      }
      return this;
    }

    /// Sets the stable numbers of the rows, length n.
    public Builder instances(long... numbers) {
      instances = numbers.clone();
      return this;
    }

    /// Marks other rows of a row's own instance, boolean `[n, n]`.
    public Builder sameInstance(NDArray rows) {
      sameInstance = Optional.of(rows);
      return this;
    }

    /// Sets the step and epoch.
    public Builder at(long stepsDone, double epochsDone) {
      step = stepsDone;
      epoch = epochsDone;
      return this;
    }

    /// The input. Where no instances were set, every row is one of its own.
    public LossInput build() {
      if (instances.length == 0 && !sides.isEmpty()) {
        long rows = sides.getFirst().any().getShape().get(0);
        instances = LongStream.range(0, rows).toArray();
      }
      return new LossInput(this);
    }
  }
}
