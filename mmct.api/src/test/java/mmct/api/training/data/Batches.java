package mmct.api.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mmct.api.data.Dataset;
import mmct.api.data.HostArray;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;
import mmct.api.spi.PositivesRule;
import mmct.api.training.data.BatchSource.Reading;

/// Opens and reads batches for tests: of `a` one view for each encoder, of `b` two queries, and the
/// rule `same` on `b`.
final class Batches {
  private Batches() {}

  static final VectorModality MODALITY = new VectorModality();
  static final BatchPlan PLAN =
      new BatchPlan(
          Map.of(
              "a", new BatchPlan.Draw(MODALITY, 1, 1),
              "b", new BatchPlan.Draw(MODALITY, 2, 0)),
          Map.of("same", new BatchPlan.Marks(new LengthRule(), MODALITY)));

  /// Marks are the length of the string of modality `b`.
  static final class LengthRule implements PositivesRule {
    @Override
    public String of() {
      return "b";
    }

    @Override
    public int[] marks(View view) {
      return new int[] {(int) ((HostArray.Longs) view.arrays().getFirst()).values()[0]};
    }

    @Override
    public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
      throw new UnsupportedOperationException();
    }
  }

  static Reading reading(int batch) {
    return new Reading("train", batch, 1, true, 7, 3, 2, 3);
  }

  static Reading workers(Reading reading, int workers) {
    return new Reading(
        "train",
        reading.batch(),
        reading.accumulate(),
        reading.dropLast(),
        reading.seed(),
        reading.epochs(),
        workers,
        reading.ahead());
  }

  static BatchSource open(Dataset dataset, Reading reading, long position) {
    return new BatchSource(
        dataset, PLAN, reading, position, new BrokenCells(dataset.size(), 1, cell -> {}));
  }

  static List<List<Batch>> all(Dataset dataset, Reading reading, long position) {
    List<List<Batch>> batches = new ArrayList<>();
    try (BatchSource source = open(dataset, reading, position)) {
      source.forEachRemaining(batches::add);
    }
    return batches;
  }

  /// Everything in a batch, as text.
  static String content(Batch batch) {
    StringBuilder text = new StringBuilder();
    text.append(batch.ids()).append(Arrays.toString(batch.instances()));
    new TreeMap<>(batch.modalities())
        .forEach(
            (name, views) -> {
              text.append('\n').append(name);
              views.queries().forEach(rows -> text.append(" q").append(content(rows)));
              views.keys().forEach(rows -> text.append(" k").append(content(rows)));
            });
    batch.marks().forEach((name, marks) -> marks.forEach(m -> text.append(Arrays.toString(m))));
    return text.toString();
  }

  static String content(Batch.Rows rows) {
    StringBuilder text = new StringBuilder(Arrays.toString(rows.rows()));
    for (HostTensor tensor : rows.inputs()) {
      ByteBuffer bytes = tensor.data().duplicate();
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      text.append(tensor.shape()).append(Arrays.toString(copy));
    }
    return text.toString();
  }

  static List<String> contents(List<List<Batch>> batches) {
    return batches.stream()
        .map(parts -> parts.stream().map(Batches::content).toList().toString())
        .toList();
  }

  /// The ids of the rows that have a view.
  static List<String> ids(Batch batch, Batch.Rows rows) {
    assertThat(rows.rows()).isSorted();
    return Arrays.stream(rows.rows()).mapToObj(batch.ids()::get).toList();
  }
}
