package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.engine.Torch;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.StepFeatures.ViewFeatures;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;
import org.jspecify.annotations.Nullable;

/// One objective of a running graph: it picks the rows where every participant is present, hands
/// the loss exactly what it declared, and keeps the loss's parameters and state.
public final class Objective {
  private final String name;
  private final ObjectiveSpec spec;
  private final Needs needs;
  private final List<Participant> participants;
  private final boolean maskSameInstance;
  private final int width;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, NDArray> state = new LinkedHashMap<>();
  private final Weights weights;

  /// A modality's part in the objective.
  ///
  /// @param modality its name
  /// @param side what the loss needs of it
  /// @param queue the queue of its keys in the objective's space, where one is used
  record Participant(String modality, Needs.Side side, Optional<FeatureQueue> queue) {}

  /// The value of an objective on a batch.
  ///
  /// @param value the mean over the rows, `[]`
  /// @param each what the loss returned: `[n]`, or `[]` where it has no value per row
  /// @param rows which rows of the batch took part, length n
  public record Term(NDArray value, NDArray each, int[] rows) {}

  /// Where a step stands.
  ///
  /// @param step optimiser steps done before it
  /// @param epoch epochs done, with fraction
  public record Moment(long step, double epoch) {}

  Objective(
      String name,
      ObjectiveSpec spec,
      List<Participant> participants,
      int width,
      boolean maskSameInstance,
      long samples,
      NDManager owner) {
    this.name = name;
    this.spec = spec;
    this.needs = spec.loss().needs();
    this.participants = List.copyOf(participants);
    this.width = width;
    this.maskSameInstance = maskSameInstance;
    for (LossParameter declared : needs.parameters()) {
      parameters.put(declared.name(), create(declared, owner));
    }
    weights = Weights.gather(parameters, owner);
    for (LossState declared : needs.state()) {
      Shape shape =
          declared.perSample() ? new Shape(samples).addAll(declared.shape()) : declared.shape();
      state.put(declared.name(), owner.full(shape, (float) declared.initial()));
    }
  }

  private static Parameter create(LossParameter declared, NDManager owner) {
    // A lone value is no weight to be pulled towards zero.
    Parameter.Type type =
        declared.shape().dimension() < 2 ? Parameter.Type.BIAS : Parameter.Type.WEIGHT;
    Initializer initial =
        (manager, shape, dataType) -> {
          NDArray constant = manager.full(shape, (float) declared.initial(), dataType);
          return declared.randomness() == 0
              ? constant
              : constant.addi(
                  manager.randomNormal(0, (float) declared.randomness(), shape, dataType));
        };
    Parameter parameter =
        Parameter.builder()
            .setName(declared.name())
            .setType(type)
            .optShape(declared.shape())
            .optInitializer(initial)
            .build();
    parameter.initialize(owner, DataType.FLOAT32);
    return parameter;
  }

  /// Its name in the configuration.
  public String name() {
    return name;
  }

  /// What it is made of.
  public ObjectiveSpec spec() {
    return spec;
  }

  List<Participant> participants() {
    return participants;
  }

  /// The trained parameters that belong to the loss.
  public Weights weights() {
    return weights;
  }

  Map<String, NDArray> state() {
    return state;
  }

  /// The rows in which every participant, and the modality of the rule, is present.
  public int[] rows(Batch batch) {
    BitSet rows = new BitSet(batch.size());
    rows.set(0, batch.size());
    for (Participant participant : participants) {
      Batch.@Nullable Views views = batch.modalities().get(participant.modality());
      if (views == null) {
        return new int[0];
      }
      if (participant.side().queries() > 0) {
        rows.and(bits(views.queries().getFirst().rows()));
      }
      if (participant.side().keys() > 0) {
        rows.and(bits(views.keys().getFirst().rows()));
      }
    }
    if (spec.positives().isPresent()) {
      List<int @Nullable []> marks = marks(batch);
      IntStream.range(0, marks.size()).filter(i -> marks.get(i) == null).forEach(rows::clear);
    }
    return rows.stream().toArray();
  }

  private static BitSet bits(int[] rows) {
    BitSet bits = new BitSet();
    Arrays.stream(rows).forEach(bits::set);
    return bits;
  }

  private List<int @Nullable []> marks(Batch batch) {
    return batch.marks().getOrDefault(name, List.of());
  }

  /// Evaluates the objective; empty where no row has every participant.
  Optional<Term> evaluate(
      Batch batch, StepFeatures features, StepParameters store, Moment moment, NDManager manager) {
    int[] rows = rows(batch);
    if (rows.length == 0) {
      return Optional.empty();
    }
    long[] instances = Arrays.stream(rows).mapToLong(row -> batch.instances()[row]).toArray();
    LossInput.Builder input =
        new LossInput.Builder().instances(instances).at(moment.step(), moment.epoch());
    participants.forEach(p -> input.side(side(p, features, rows, manager)));
    if (usesCandidates()) {
      addCandidates(input, batch, features, rows, instances, manager);
    }
    parameters.forEach(
        (key, parameter) ->
            input.parameter(
                key, Objects.requireNonNull(store.getValue(parameter, manager.getDevice(), true))));
    NDArray samples = manager.create(instances);
    for (LossState declared : needs.state()) {
      NDArray whole = Torch.alias(stateOf(declared), manager);
      input.state(
          declared.name(), declared.perSample() ? whole.get(new NDIndex("{}", samples)) : whole);
    }
    LossOutput output = spec.loss().evaluate(input.build());
    keepState(output, samples);
    NDArray value = output.value();
    return Optional.of(
        new Term(value.getShape().dimension() == 0 ? value : value.mean(), value, rows));
  }

  private LossInput.Features side(
      Participant participant, StepFeatures features, int[] rows, NDManager manager) {
    List<ViewFeatures> views = features.queries().getOrDefault(participant.modality(), List.of());
    List<NDArray> queries = new ArrayList<>();
    List<NDArray> present = new ArrayList<>();
    for (int v = 0; v < participant.side().queries(); v++) {
      if (v == 0) {
        queries.add(views.getFirst().select(spec.space(), rows));
      } else if (v < views.size()) {
        queries.add(views.get(v).selectOrZero(spec.space(), rows));
        present.add(views.get(v).presence(rows, manager).gt(0).reshape(-1));
      } else {
        // No row of the batch has this view.
        queries.add(queries.getFirst().stopGradient().mul(0));
        present.add(manager.zeros(new Shape(rows.length), DataType.BOOLEAN));
      }
    }
    List<NDArray> keys = new ArrayList<>();
    for (int v = 0; v < participant.side().keys(); v++) {
      keys.add(keyViews(participant, features).get(v).select(spec.space(), rows));
    }
    return new LossInput.Features(
        queries,
        keys,
        present,
        participant.queue().map(queue -> queue.filledRows(manager)),
        participant.side().backbone() && !views.isEmpty()
            ? Optional.of(views.getFirst().selectBackbone(rows))
            : Optional.empty());
  }

  private static List<ViewFeatures> keyViews(Participant participant, StepFeatures features) {
    return features.keys().getOrDefault(participant.modality(), List.of());
  }

  private boolean usesCandidates() {
    return participants.getLast().queue().isPresent() || spec.inBatchNegatives();
  }

  private void addCandidates(
      LossInput.Builder input,
      Batch batch,
      StepFeatures features,
      int[] rows,
      long[] instances,
      NDManager manager) {
    Participant keySide = participants.getLast();
    Candidates candidates = queued(keySide, manager);
    if (spec.inBatchNegatives()) {
      ViewFeatures keys = keyViews(keySide, features).getFirst();
      candidates = withBatch(candidates, keys, batch);
    }
    List<BitSet> masked = candidates.masked(rows, instances, maskSameInstance);
    input.queue(candidates.rows());
    Candidates.toArray(masked, candidates.count(), manager).ifPresent(input::masked);
    if (spec.positives().isPresent() && candidates.count() > 0) {
      List<int @Nullable []> marks = marks(batch);
      List<int[]> queries = Arrays.stream(rows).mapToObj(row -> orNone(marks.get(row))).toList();
      List<BitSet> positives = spec.positives().get().positives(queries, candidates.marks());
      for (int i = 0; i < rows.length; i++) {
        positives.get(i).andNot(masked.get(i));
      }
      Candidates.toArray(positives, candidates.count(), manager).ifPresent(input::positives);
    }
  }

  private Candidates queued(Participant keySide, NDManager manager) {
    if (keySide.queue().isEmpty()) {
      return Candidates.queued(manager.create(new Shape(0, width)), new long[0], List.of());
    }
    FeatureQueue queue = keySide.queue().get();
    return Candidates.queued(
        queue.filledRows(manager),
        queue.filledInstances(),
        spec.positives().isPresent() ? queue.filledMarks(name) : List.of());
  }

  private Candidates withBatch(Candidates candidates, ViewFeatures keys, Batch batch) {
    long[] owners = Arrays.stream(keys.rows()).mapToLong(r -> batch.instances()[r]).toArray();
    List<int[]> marks = new ArrayList<>();
    if (spec.positives().isPresent()) {
      List<int @Nullable []> all = marks(batch);
      Arrays.stream(keys.rows()).forEach(row -> marks.add(orNone(all.get(row))));
    }
    return candidates.and(keys.projection(spec.space()), keys.rows(), owners, marks);
  }

  private static int[] orNone(int @Nullable [] marks) {
    return marks == null ? new int[0] : marks;
  }

  private void keepState(LossOutput output, NDArray samples) {
    for (LossState declared : needs.state()) {
      NDArray content = output.state().get(declared.name());
      if (content != null) {
        NDArray whole = stateOf(declared);
        if (declared.perSample()) {
          whole.set(new NDIndex("{}", samples), content);
        } else {
          Torch.copy(content, whole);
        }
      }
    }
  }

  private NDArray stateOf(LossState declared) {
    NDArray whole = state.get(declared.name());
    if (whole == null) {
      throw new IllegalStateException("the loss declared no state " + declared.name());
    }
    return whole;
  }
}
