package mmct.api.training.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;
import mmct.api.spi.Modality;

/// Puts drawn samples together into a batch.
final class Collation {
  private static final Modality.Views NONE = new Modality.Views(List.of(), List.of());

  private final BatchPlan plan;

  Collation(BatchPlan plan) {
    this.plan = plan;
  }

  /// A batch of the samples in their order.
  Batch batch(List<DrawnSample> samples) {
    Map<String, Batch.Views> modalities = new HashMap<>();
    plan.modalities()
        .forEach(
            (name, draw) -> {
              Batch.Views views = told(name, draw, samples);
              if (hasRows(views)) {
                modalities.put(name, views);
              }
            });
    Map<String, List<int @org.jspecify.annotations.Nullable []>> marks = new HashMap<>();
    plan.rules().keySet().forEach(objective -> marks.put(objective, marks(objective, samples)));
    return new Batch(
        samples.stream().map(DrawnSample::id).toList(),
        samples.stream().mapToLong(DrawnSample::instance).toArray(),
        modalities,
        marks);
  }

  private static Batch.Views told(String name, BatchPlan.Draw draw, List<DrawnSample> samples) {
    try {
      return views(name, draw, samples);
    } catch (MmctException e) {
      throw new MmctException(
          "the batch of the samples '%s' to '%s': %s"
              .formatted(samples.getFirst().id(), samples.getLast().id(), e.getMessage()),
          e);
    }
  }

  private static boolean hasRows(Batch.Views views) {
    return views.queries().stream().anyMatch(rows -> rows.rows().length > 0)
        || views.keys().stream().anyMatch(rows -> rows.rows().length > 0);
  }

  private static Batch.Views views(String name, BatchPlan.Draw draw, List<DrawnSample> samples) {
    List<Modality.Views> drawn =
        samples.stream().map(sample -> sample.views().getOrDefault(name, NONE)).toList();
    return new Batch.Views(
        side(draw.modality(), draw.queries(), drawn.stream().map(Modality.Views::queries).toList()),
        side(draw.modality(), draw.keys(), drawn.stream().map(Modality.Views::keys).toList()));
  }

  /// As many entries as were asked for; the `number`-th is of those rows that have so many views.
  private static List<Batch.Rows> side(Modality modality, int count, List<List<View>> perRow) {
    List<Batch.Rows> side = new ArrayList<>(count);
    for (int number = 0; number < count; number++) {
      int least = number + 1;
      int[] rows =
          IntStream.range(0, perRow.size())
              .filter(row -> perRow.get(row).size() >= least)
              .toArray();
      List<View> views =
          IntStream.of(rows).mapToObj(row -> perRow.get(row).get(least - 1)).toList();
      side.add(new Batch.Rows(rows, views.isEmpty() ? List.of() : modality.collate(views)));
    }
    return side;
  }

  private static List<int @org.jspecify.annotations.Nullable []> marks(
      String objective, List<DrawnSample> samples) {
    List<int @org.jspecify.annotations.Nullable []> marks = new ArrayList<>(samples.size());
    samples.forEach(sample -> marks.add(sample.marks().get(objective)));
    return Collections.unmodifiableList(marks);
  }
}
