package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import mmct.api.graph.StepFeatures.PartKeys;
import mmct.api.graph.StepFeatures.ViewFeatures;
import mmct.api.spi.PositivesRule;
import org.jspecify.annotations.Nullable;

/// What a query is compared with besides its own key: filled queue rows, and the keys of the batch
/// where the objective takes them.
///
/// @param rows `[k, d]`
/// @param instances of each row, length k
/// @param marks of each row, length k; empty where the objective has no rule
/// @param own where the keys of the queries' own part of the batch stand
record Candidates(NDArray rows, long[] instances, List<int[]> marks, Own own) {
  private static final int[] NO_MARKS = {};

  /// Keys of the queries' own part of the batch among the candidates.
  ///
  /// @param from the first of them
  /// @param batchRows which row of the part each is, ascending; none where the batch's keys are no
  ///     candidates
  record Own(int from, int[] batchRows) {}

  /// The filled rows of a queue.
  ///
  /// @param rule the objective whose rule's marks are wanted
  static Candidates of(FeatureQueue queue, Optional<String> rule, NDManager manager) {
    return new Candidates(
        queue.filledRows(manager),
        queue.filledInstances(),
        rule.map(queue::filledMarks).orElseGet(List::of),
        new Own(0, new int[0]));
  }

  /// No candidates of a width.
  static Candidates none(int width, NDManager manager) {
    NDArray rows = manager.create(new Shape(0, width));
    return new Candidates(rows, new long[0], List.of(), new Own(0, new int[0]));
  }

  /// These candidates and the keys of all parts of a batch.
  ///
  /// @param modality whose first keys they are
  /// @param rule the objective whose rule's marks are wanted
  Candidates and(StepFeatures features, String modality, String space, Optional<String> rule) {
    NDList keys = new NDList(rows);
    LongStream.Builder owners = LongStream.builder();
    Arrays.stream(instances).forEach(owners);
    List<int[]> allMarks = new ArrayList<>(marks);
    Own place = own;
    for (int part = 0; part < features.parts().size(); part++) {
      PartKeys those = features.parts().get(part);
      Optional<ViewFeatures> first = those.first(modality);
      if (first.isPresent()) {
        int[] batchRows = first.get().rows();
        if (part == features.part()) {
          place = new Own(Math.toIntExact(total(keys)), batchRows);
        }
        keys.add(first.get().projection(space));
        Arrays.stream(those.batch().instances(batchRows)).forEach(owners);
        rule.ifPresent(
            name ->
                Arrays.stream(batchRows)
                    .forEach(row -> allMarks.add(marks(those.batch(), name, row))));
      }
    }
    return new Candidates(NDArrays.concat(keys), owners.build().toArray(), allMarks, place);
  }

  private static long total(NDList arrays) {
    return arrays.stream().mapToLong(array -> array.getShape().get(0)).sum();
  }

  /// The marks that a rule left beside a row of a batch; none where it lacks what the rule reads.
  static int[] marks(Batch batch, String rule, int row) {
    List<int @Nullable []> all = batch.marks().getOrDefault(rule, List.of());
    int @Nullable [] marks = row < all.size() ? all.get(row) : null;
    return marks == null ? NO_MARKS : marks;
  }

  /// The number of candidates k.
  int count() {
    return instances.length;
  }

  /// Which candidates take no part for which query.
  ///
  /// @param queryRows the queries' rows in their part of the batch, length n
  /// @param queryInstances the queries' instances, length n
  /// @param sameInstance whether candidates of the query's instance are masked; a query's own key
  ///     always is, for it is the positive
  List<BitSet> masked(int[] queryRows, long[] queryInstances, boolean sameInstance) {
    Map<Long, List<Integer>> queriesOf = new HashMap<>();
    List<BitSet> masked = new ArrayList<>();
    for (int i = 0; i < queryRows.length; i++) {
      queriesOf.computeIfAbsent(queryInstances[i], key -> new ArrayList<>()).add(i);
      masked.add(new BitSet(count()));
    }
    if (sameInstance) {
      for (int j = 0; j < count(); j++) {
        for (int i : queriesOf.getOrDefault(instances[j], List.of())) {
          masked.get(i).set(j);
        }
      }
    }
    for (int i = 0; i < queryRows.length; i++) {
      int mine = Arrays.binarySearch(own.batchRows(), queryRows[i]);
      if (mine >= 0) {
        masked.get(i).set(own.from() + mine);
      }
    }
    return masked;
  }

  /// Which candidates are positives of which query, those that are masked left out.
  ///
  /// @param queries the queries' marks, length n
  List<BitSet> positives(PositivesRule rule, List<int[]> queries, List<BitSet> masked) {
    List<BitSet> found = rule.positives(queries, marks);
    List<BitSet> positives = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      // The rule may have handed out one set for several queries.
      BitSet mine = (BitSet) found.get(i).clone();
      mine.andNot(masked.get(i));
      positives.add(mine);
    }
    return positives;
  }

  /// Bit sets as a boolean array `[n, k]`; empty where no bit is set.
  Optional<NDArray> toArray(List<BitSet> bits, NDManager manager) {
    if (bits.stream().allMatch(BitSet::isEmpty)) {
      return Optional.empty();
    }
    ByteBuffer cells = manager.allocateDirect(Math.multiplyExact(bits.size(), count()));
    for (int i = 0; i < bits.size(); i++) {
      int row = i * count();
      bits.get(i).stream().forEach(j -> cells.put(row + j, (byte) 1));
    }
    cells.rewind();
    return Optional.of(manager.create(cells, new Shape(bits.size(), count()), DataType.BOOLEAN));
  }
}
