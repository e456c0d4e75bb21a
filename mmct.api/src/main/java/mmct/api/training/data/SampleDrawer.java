package mmct.api.training.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.graph.BatchPlan;
import mmct.api.spi.Modality;

/// Draws everything that a plan asks of one sample. Safe for any number of threads.
final class SampleDrawer {
  private final Dataset dataset;
  private final Instances instances;
  private final long seed;
  private final SortedMap<String, BatchPlan.Draw> draws;

  /// The rules by the modality that they look at, so that its plain view is made once.
  private final SortedMap<String, Map<String, BatchPlan.Marks>> rules;

  SampleDrawer(Dataset dataset, Instances instances, BatchPlan plan, long seed) {
    this.dataset = dataset;
    this.instances = instances;
    this.seed = seed;
    // Sorted, so that broken cells are told in the same order in every run.
    draws = new TreeMap<>(plan.modalities());
    rules =
        plan.rules().entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.getValue().rule().of(),
                    TreeMap::new,
                    Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /// Draws the sample's views of one epoch; their randomness comes from run, epoch, sample and
  /// modality and from nothing else.
  DrawnSample draw(int index, long epoch) {
    String id = id(index);
    try {
      return new Drawing(dataset.get(index), index, epoch).draw();
    } catch (MmctException e) {
      throw new MmctException("sample '%s': %s".formatted(id, e.getMessage()), e);
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "sample '%s' (number %d of its split) could not be drawn: %s".formatted(id, index, e), e);
    }
  }

  private String id(int index) {
    try {
      return dataset.id(index);
    } catch (MmctException e) {
      throw new MmctException(
          "sample number %d of its split: %s".formatted(index, e.getMessage()), e);
    }
  }

  /// The work on one sample.
  private final class Drawing {
    private final Sample sample;
    private final int index;
    private final long epoch;
    private final Map<String, Modality.Views> views = new HashMap<>();
    private final Map<String, int[]> marks = new HashMap<>();
    private final List<BrokenCell> broken = new ArrayList<>();

    Drawing(Sample sample, int index, long epoch) {
      this.sample = sample;
      this.index = index;
      this.epoch = epoch;
    }

    DrawnSample draw() {
      for (String name : names()) {
        sample.cell(name).ifPresent(cell -> drawCell(name, cell));
      }
      return new DrawnSample(sample.id(), instances.first(index), views, marks, broken);
    }

    private void drawCell(String name, Cell cell) {
      try {
        BatchPlan.Draw draw = draws.get(name);
        if (draw != null) {
          views.put(name, drawViews(name, cell, draw));
        }
        Map<String, BatchPlan.Marks> readers = rules.get(name);
        if (readers != null) {
          mark(cell, readers);
        }
      } catch (BrokenCellException e) {
        broken.add(new BrokenCell(sample.id(), name, String.valueOf(e.getMessage())));
      }
    }

    private Modality.Views drawViews(String name, Cell cell, BatchPlan.Draw draw) {
      long hash = Seeds.hash(seed, epoch, index, name.hashCode());
      Modality.Views drawn =
          draw.modality().draw(cell, new Modality.ViewRequest(draw.queries(), draw.keys(), hash));
      if (drawn.queries().size() > draw.queries() || drawn.keys().size() > draw.keys()) {
        throw new IllegalStateException(
            "'%s' was asked for %d and %d views but gave %d and %d"
                .formatted(
                    name,
                    draw.queries(),
                    draw.keys(),
                    drawn.queries().size(),
                    drawn.keys().size()));
      }
      return drawn;
    }

    private void mark(Cell cell, Map<String, BatchPlan.Marks> readers) {
      Modality modality = readers.values().iterator().next().modality();
      Optional<View> plain = modality.plain(cell).stream().findFirst();
      plain.ifPresent(
          view ->
              readers.forEach(
                  (objective, reader) -> marks.put(objective, reader.rule().marks(view))));
    }

    private Collection<String> names() {
      TreeSet<String> names = new TreeSet<>(draws.keySet());
      names.addAll(rules.keySet());
      return names;
    }
  }
}
