package mmct.api.check;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.JoinedDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Modality;
import mmct.api.training.data.Instances;
import mmct.api.training.data.ReadAhead;

/// Reads every sample of every split once, draws its plain views, and counts.
public final class DataCheck {
  private static final int SAMPLES_PER_JOB = 32;

  private final DataSource source;
  private final Map<String, Part> parts;
  private final Map<String, Set<String>> objectives;
  private final int workers;
  private final LongConsumer progress;

  /// A modality to look at.
  ///
  /// @param modality draws the plain views; empty where there is nothing to decode, or where it is
  ///     not to be made: then its strings are counted, and its files only looked for
  /// @param kind what its cells are; of lists the frequencies of their strings are counted
  public record Part(Optional<Modality> modality, Columns.Kind kind) {}

  /// A check of a source that counts no objectives.
  ///
  /// @param source the data
  /// @param parts by name, the modalities to look at
  /// @param workers threads; 0 is one per core
  /// @param progress hears how many samples have been read
  public DataCheck(DataSource source, Map<String, Part> parts, int workers, LongConsumer progress) {
    this(source, parts, Map.of(), workers, progress);
  }

  /// A check of a source.
  ///
  /// @param source the data
  /// @param parts by name, the modalities to look at
  /// @param objectives by name, the modalities that a sample must have for them
  /// @param workers threads; 0 is one per core
  /// @param progress hears how many samples have been read
  public DataCheck(
      DataSource source,
      Map<String, Part> parts,
      Map<String, Set<String>> objectives,
      int workers,
      LongConsumer progress) {
    this.source = source;
    this.parts = new TreeMap<>(parts);
    this.objectives = new LinkedHashMap<>(objectives);
    this.workers = workers;
    this.progress = progress;
  }

  /// Reads everything.
  ///
  /// @throws MmctException where a sample cannot be read at all, with its id
  public DataReport run() {
    Map<String, DataReport.Split> splits = new LinkedHashMap<>();
    long before = 0;
    for (String name : source.splits()) {
      Dataset split = source.split(name);
      splits.put(name, read(split, before).report(objectives.keySet()));
      before += split.size();
    }
    return new DataReport(source.describe(), splits, ids(), source.unread(), source.passedOver());
  }

  private Tally read(Dataset split, long before) {
    Tally tally = new Tally();
    var jobs =
        IntStream.iterate(0, from -> from < split.size(), from -> from + SAMPLES_PER_JOB)
            .mapToObj(from -> new ReadingJob(split, from))
            .iterator();
    try (ReadAhead<Tally> readAhead =
        new ReadAhead<>(jobs, workers, 4 * ReadAhead.threads(workers))) {
      long samples = before;
      while (readAhead.hasNext()) {
        tally.add(readAhead.take());
        samples = Math.min(samples + SAMPLES_PER_JOB, before + split.size());
        progress.accept(samples);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while reading the data");
    }
    return tally;
  }

  /// Reads a few samples.
  private final class ReadingJob implements ReadAhead.Job<Tally> {
    private final Dataset split;
    private final int from;
    private final Tally tally = new Tally();

    ReadingJob(Dataset split, int from) {
      this.split = split;
      this.from = from;
    }

    @Override
    public int parts() {
      return 1;
    }

    @Override
    public void run(int part) {
      int to = Math.min(from + SAMPLES_PER_JOB, split.size());
      for (int i = from; i < to && !Thread.currentThread().isInterrupted(); i++) {
        read(i);
      }
    }

    private void read(int index) {
      String id = split.id(index);
      try {
        Sample sample = split.get(index);
        tally.sample(parts.keySet().stream().filter(sample.cells()::containsKey).toList());
        Set<String> usable = new HashSet<>();
        parts.forEach(
            (name, part) ->
                sample
                    .cell(name)
                    .filter(cell -> count(tally, sample.id(), name, part, cell))
                    .ifPresent(cell -> usable.add(name)));
        objectives.forEach(
            (objective, needed) -> {
              if (usable.containsAll(needed)) {
                tally.row(objective);
              }
            });
      } catch (MmctException e) {
        throw new MmctException("sample '%s': %s".formatted(id, e.getMessage()), e);
      } catch (RuntimeException e) {
        throw new IllegalStateException("sample '%s' could not be read: %s".formatted(id, e), e);
      }
    }

    @Override
    public Tally result() {
      return tally;
    }
  }

  /// Counts a cell.
  ///
  /// @return whether it gives anything
  private static boolean count(Tally tally, String id, String name, Part part, Cell cell) {
    Tally.ContentTally content = tally.modality(name);
    content.sample();
    switch (cell) {
      case Cell.Strings(List<String> values) -> {
        content.strings(values.size());
        values.forEach(value -> content.length(value.codePointCount(0, value.length())));
        if (part.kind() == Columns.Kind.LIST) {
          values.forEach(content::listed);
        }
      }
      case Cell.Numbers numbers -> content.length(numbers.values().length);
      case Cell.File file when !Files.exists(file.path()) -> {
        tally.missing(new DataReport.Problem(id, name, "there is no file " + file.path()));
        return false;
      }
      case Cell.File _, Cell.Bytes _, Cell.ByteGrid _ -> {}
    }
    try {
      int items = part.modality().map(modality -> modality.plain(cell).size()).orElse(items(cell));
      content.items(items);
      return items > 0;
    } catch (BrokenCellException e) {
      tally.broken(new DataReport.Problem(id, name, String.valueOf(e.getMessage())));
      return false;
    }
  }

  private static int items(Cell cell) {
    return cell instanceof Cell.Strings(List<String> values) ? values.size() : 1;
  }

  private DataReport.Ids ids() {
    JoinedDataset all = JoinedDataset.ofAllSplits(source);
    Instances instances = Instances.of(all);
    List<String> first = new ArrayList<>();
    long across = 0;
    for (int i = 0; i < all.size() && instances.repeated() > 0; i++) {
      int other = instances.first(i);
      if (other == i) {
        continue;
      }
      across += all.splitOf(i).equals(all.splitOf(other)) ? 0 : 1;
      if (first.size() < Tally.FIRST) {
        first.add("'%s' (%s, %s)".formatted(all.id(i), all.splitOf(other), all.splitOf(i)));
      }
    }
    return new DataReport.Ids(all.size(), instances.repeated(), across, first);
  }
}
