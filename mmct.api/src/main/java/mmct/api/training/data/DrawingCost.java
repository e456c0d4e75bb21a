package mmct.api.training.data;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.graph.BatchPlan;
import mmct.api.spi.Modality;
import mmct.api.spi.Modality.ViewRequest;

/// The processor time that worker threads need for one sample, part by part.
///
/// It is measured on one thread, after a training that has warmed the code up: what other threads
/// and programs do meanwhile costs no processor time of this one.
public final class DrawingCost {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Dataset dataset;
  private final BatchPlan plan;
  private final Map<String, List<BatchPlan.Marks>> rules;
  private final Map<String, Nanos> modalities = new TreeMap<>();
  private final Map<String, List<Modality.Views>> drawn = new TreeMap<>();
  private long samplesNanos;
  private long marksNanos;

  private static final class Nanos {
    private long decode;
    private long views;
    private long collate;
  }

  /// The time of one sample in milliseconds.
  ///
  /// @param samples to get the sample from the dataset, which may generate it
  /// @param marks to read what positives rules remember
  /// @param modalities by name, what its views take
  public record PerSample(double samples, double marks, Map<String, Parts> modalities) {
    /// Everything.
    public double total() {
      return samples
          + marks
          + modalities.values().stream().mapToDouble(it -> it.decode + it.views + it.collate).sum();
    }
  }

  /// The time of one sample's views of one modality in milliseconds.
  ///
  /// @param decode to read the content, as far as the modality tells; otherwise it is in the views
  /// @param views to draw the views
  /// @param collate to put them into the batch
  public record Parts(double decode, double views, double collate) {}

  private DrawingCost(Dataset dataset, BatchPlan plan) {
    this.dataset = dataset;
    this.plan = plan;
    rules =
        plan.rules().values().stream().collect(Collectors.groupingBy(marks -> marks.rule().of()));
  }

  /// Draws some samples of a dataset, spread over all of it.
  ///
  /// @param dataset the training split
  /// @param plan what is drawn from each sample
  /// @param count how many samples are drawn at most
  public static PerSample measure(Dataset dataset, BatchPlan plan, int count) {
    int samples = Math.min(count, dataset.size());
    DrawingCost cost = new DrawingCost(dataset, plan);
    for (int i = 0; i < samples; i++) {
      cost.draw((int) ((long) i * dataset.size() / samples));
    }
    cost.drawn.forEach(cost::collate);
    return cost.perSample(samples);
  }

  private void draw(int index) {
    long before = now();
    Sample sample = dataset.get(index);
    samplesNanos += now() - before;
    plan.modalities()
        .forEach(
            (name, draw) -> sample.cell(name).ifPresent(cell -> draw(name, draw, cell, index)));
    rules.forEach((name, readers) -> sample.cell(name).ifPresent(cell -> mark(readers, cell)));
  }

  private void draw(String name, BatchPlan.Draw draw, Cell cell, int index) {
    Nanos nanos = modalities.computeIfAbsent(name, key -> new Nanos());
    long before = now();
    long[] read = {before};
    try {
      ViewRequest request =
          new ViewRequest(draw.queries(), draw.keys(), Seeds.hash(index), () -> read[0] = now());
      drawn
          .computeIfAbsent(name, key -> new ArrayList<>())
          .add(draw.modality().draw(cell, request));
    } catch (BrokenCellException e) {
      // A run skips it too; the time it took is counted.
    }
    nanos.decode += read[0] - before;
    nanos.views += now() - read[0];
  }

  private void mark(List<BatchPlan.Marks> readers, Cell cell) {
    long before = now();
    try {
      readers.getFirst().modality().plain(cell).stream()
          .findFirst()
          .ifPresent(view -> readers.forEach(reader -> reader.rule().marks(view)));
    } catch (BrokenCellException e) {
      // Drawing has met it already, or nobody needs it.
    }
    marksNanos += now() - before;
  }

  private void collate(String name, List<Modality.Views> all) {
    BatchPlan.Draw draw = plan.modalities().get(name);
    Nanos nanos = modalities.get(name);
    if (draw == null || nanos == null) {
      return;
    }
    long before = now();
    collate(draw.modality(), all.stream().map(Modality.Views::queries).toList());
    collate(draw.modality(), all.stream().map(Modality.Views::keys).toList());
    nanos.collate += now() - before;
  }

  private static void collate(Modality modality, List<List<View>> rows) {
    int most = rows.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      int number = i;
      List<View> views =
          rows.stream().filter(row -> row.size() > number).map(row -> row.get(number)).toList();
      modality.collate(views);
    }
  }

  private static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private PerSample perSample(int samples) {
    double scale = 1e6 * samples;
    Map<String, Parts> parts = new TreeMap<>();
    modalities.forEach(
        (name, nanos) ->
            parts.put(
                name, new Parts(nanos.decode / scale, nanos.views / scale, nanos.collate / scale)));
    return new PerSample(samplesNanos / scale, marksNanos / scale, parts);
  }
}
