package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;
import org.jspecify.annotations.Nullable;

/// One objective of a running graph: it picks the rows where every participant is present, hands
/// the loss exactly what it declared, and keeps the loss's parameters and state.
public final class Objective {
  private final String name;
  private final ObjectiveSpec spec;
  private final List<Participant> participants;
  private final boolean maskSameInstance;
  private final int width;
  private final LossMemory memory;
  private boolean checked;

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
      LossMemory memory) {
    this.name = name;
    this.spec = spec;
    this.participants = List.copyOf(participants);
    this.width = width;
    this.maskSameInstance = maskSameInstance;
    this.memory = memory;
  }

  /// Its name in the configuration.
  public String name() {
    return name;
  }

  /// What it is made of.
  public ObjectiveSpec spec() {
    return spec;
  }

  /// The trained parameters that belong to the loss.
  public Weights weights() {
    return memory.weights();
  }

  void settle(StepParameters parameters) {
    memory.settle(parameters);
  }

  Map<String, NDArray> state() {
    return memory.state();
  }

  /// How many candidates a query has besides its own key once the queue is full: queue rows, and
  /// the other rows of the batch where their keys are candidates or the loss sees them anyway.
  ///
  /// @param batch samples per step
  public long candidates(int batch) {
    Participant keys = participants.getLast();
    boolean inBatch =
        spec.inBatchNegatives()
            || keys.side().queue() == Needs.Queue.NONE
            || spec.loss().needs().form() instanceof Needs.Joint;
    return keys.queue().map(FeatureQueue::capacity).orElse(0) + (inBatch ? batch - 1L : 0L);
  }

  /// The rows in which every participant, and the modality of the rule, is present. Of several
  /// query views the first is enough; of several key views all are needed.
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
      for (Batch.Rows keys : views.keys().subList(0, participant.side().keys())) {
        rows.and(bits(keys.rows()));
      }
    }
    if (spec.positives().isPresent()) {
      List<int @Nullable []> marks = batch.marks().getOrDefault(name, List.of());
      IntStream.range(0, batch.size())
          .filter(row -> row >= marks.size() || marks.get(row) == null)
          .forEach(rows::clear);
    }
    return rows.stream().toArray();
  }

  private static BitSet bits(int[] rows) {
    BitSet bits = new BitSet();
    Arrays.stream(rows).forEach(bits::set);
    return bits;
  }

  /// Evaluates the objective; empty where no row has every participant.
  ///
  /// @param masks those that other objectives have made of the same part
  Optional<Term> evaluate(
      StepFeatures features, StepParameters store, Moment moment, Masks masks, NDManager manager) {
    Batch batch = features.batch();
    int[] rows = rows(batch);
    if (rows.length == 0) {
      return Optional.empty();
    }
    long[] instances = batch.instances(rows);
    LossInput.Builder input =
        new LossInput.Builder().instances(instances).at(moment.step(), moment.epoch());
    for (int i = 0; i < participants.size(); i++) {
      boolean isKey = i == participants.size() - 1;
      input.side(views(participants.get(i), features, rows, manager));
      candidates(participants.get(i), isKey, features, manager)
          .ifPresent(c -> compareWith(c, input, isKey, batch, rows, instances, masks, manager));
    }
    if (maskSameInstance) {
      masks.among(rows, instances).ifPresent(input::sameInstance);
    }
    memory.handTo(input, store, instances, manager);
    LossInput seen = input.build();
    LossOutput output = spec.loss().evaluate(seen);
    checkOnce(seen, output);
    memory.keep(output, instances, manager);
    NDArray value = output.value();
    return Optional.of(
        new Term(value.getShape().dimension() == 0 ? value : value.mean(), value, rows));
  }

  private void checkOnce(LossInput input, LossOutput output) {
    if (!checked) {
      new LossContract(name, spec.loss()).check(input, output);
      checked = true;
    }
  }

  private LossInput.Features views(
      Participant participant, StepFeatures features, int[] rows, NDManager manager) {
    String modality = participant.modality();
    Needs.Side side = participant.side();
    return new LossInput.Features(
        features.queries(modality, spec.space(), side.queries(), rows),
        features.keys(modality, spec.space(), side.keys(), rows),
        features.presence(modality, side.queries(), rows, manager),
        Optional.empty(),
        Optional.empty(),
        side.backbone() ? Optional.of(features.backbone(modality, rows)) : Optional.empty());
  }

  /// What a participant's keys are compared with; empty where it has no queue and the batch's keys
  /// are no candidates. Only the keys of the last participant are told apart by a rule, and only
  /// they are taken from the batch.
  private Optional<Candidates> candidates(
      Participant participant, boolean isKey, StepFeatures features, NDManager manager) {
    boolean inBatch = isKey && spec.inBatchNegatives();
    if (participant.queue().isEmpty() && !inBatch) {
      return Optional.empty();
    }
    Optional<String> rule = isKey ? spec.positives().map(any -> name) : Optional.empty();
    Candidates queued =
        participant
            .queue()
            .map(queue -> Candidates.of(queue, rule, manager))
            .orElseGet(() -> Candidates.none(width, manager));
    return Optional.of(
        inBatch ? queued.and(features, participant.modality(), spec.space(), rule) : queued);
  }

  private void compareWith(
      Candidates candidates,
      LossInput.Builder input,
      boolean isKey,
      Batch batch,
      int[] rows,
      long[] instances,
      Masks masks,
      NDManager manager) {
    Masks.Mask mask = masks.of(candidates, rows, instances, maskSameInstance);
    input.queue(candidates.rows());
    mask.array().ifPresent(input::masked);
    if (isKey && spec.positives().isPresent() && candidates.count() > 0) {
      List<int[]> marks =
          Arrays.stream(rows).mapToObj(row -> Candidates.marks(batch, name, row)).toList();
      List<BitSet> positives = candidates.positives(spec.positives().get(), marks, mask.bits());
      candidates.toArray(positives, manager).ifPresent(input::positives);
    }
  }
}
