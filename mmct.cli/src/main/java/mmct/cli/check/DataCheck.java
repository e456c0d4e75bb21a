package mmct.cli.check;

import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.Modality;
import org.jspecify.annotations.Nullable;

/// Reads every sample of a dataset once.
public final class DataCheck {
  private final DataSource source;
  private final Map<String, ModalityReader> readers;

  /// Draws the plain views of one modality's cells, which fails where a cell cannot be read. The
  /// modality is made with the first cell that needs it.
  public static final class ModalityReader {
    private final Supplier<Modality> maker;
    private @Nullable Modality modality;

    /// Creates a reader.
    public ModalityReader(Supplier<Modality> maker) {
      this.maker = maker;
    }

    private void read(Cell cell) {
      modality().plain(cell);
    }

    private synchronized Modality modality() {
      if (modality == null) {
        modality = maker.get();
      }
      return modality;
    }
  }

  /// Creates a check.
  ///
  /// @param readers by modality name
  public DataCheck(DataSource source, Map<String, ModalityReader> readers) {
    this.source = source;
    this.readers = new LinkedHashMap<>(readers);
  }

  /// Reads one split on all cores.
  ///
  /// @param done is told after each sample how many are done
  public SplitReport check(String split, IntConsumer done) {
    Dataset dataset = source.split(split);
    SplitReport report = new SplitReport(split, readers.keySet());
    AtomicInteger count = new AtomicInteger();
    IntStream.range(0, dataset.size())
        .parallel()
        .forEach(
            index -> {
              sample(dataset, index, report);
              done.accept(count.incrementAndGet());
            });
    return report;
  }

  private void sample(Dataset dataset, int index, SplitReport report) {
    Sample sample;
    try {
      sample = dataset.get(index);
    } catch (MmctException e) {
      report.brokenSample(index, String.valueOf(e.getMessage()));
      return;
    }
    report.sample(index, sample);
    readers.forEach(
        (name, reader) ->
            sample
                .cell(name)
                .ifPresent(
                    cell -> {
                      String reason = failure(cell, reader);
                      if (reason != null) {
                        report.brokenCell(index, name, sample.id(), reason);
                      }
                    }));
  }

  /// Why a cell cannot be read. Strings are what they are; everything else is decoded.
  private static @Nullable String failure(Cell cell, ModalityReader reader) {
    try {
      switch (cell) {
        case Cell.Strings strings -> {}
        case Cell.File file -> {
          if (!Files.exists(file.path())) {
            return file.path() + " does not exist";
          }
          reader.read(cell);
        }
        case Cell.Bytes bytes -> reader.read(cell);
        case Cell.ByteGrid grid -> reader.read(cell);
        case Cell.Numbers numbers -> reader.read(cell);
      }
      return null;
    } catch (MmctException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// Ids that are in more than one split: a sample that was trained on must not be judged.
  ///
  /// @return by pair of splits, such as `train and test`, how many ids they share
  public static Map<String, Long> overlaps(Iterable<SplitReport> reports) {
    Map<String, Long> overlaps = new TreeMap<>();
    for (SplitReport one : reports) {
      for (SplitReport other : reports) {
        if (one.split().compareTo(other.split()) < 0) {
          long shared = one.ids().stream().filter(other.ids()::contains).count();
          if (shared > 0) {
            overlaps.put(one.split() + " and " + other.split(), shared);
          }
        }
      }
    }
    return overlaps;
  }
}
