package mmct.eval.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.io.AtomicFiles;
import mmct.api.training.data.BrokenCell;
import mmct.eval.encode.FeatureBatches;
import mmct.eval.encode.OnnxEncoder;

/// Writes the features of a whole dataset, in memory that does not depend on its size.
///
/// Files grow under names of their own and get the final ones when they are whole. Now and then
/// everything is forced to the disk and a milestone written; a process that is started again after
/// the first was killed goes on from there, with the same batches, so that the files are the same
/// to the bit.
public final class Embedding {
  private final OnnxEncoder encoder;
  private final Dataset dataset;
  private final String data;
  private final EmbeddingTarget target;
  private final Duration between;

  private long broken;

  /// Hears what an embedding does.
  public interface Listener {
    /// So many samples of all are done; called after every batch.
    ///
    /// @param resumedAt samples that an earlier process has done
    void encoded(int samples, int of, int resumedAt);

    /// A cell was left out because it cannot be read.
    void broken(BrokenCell cell);
  }

  /// What was written.
  ///
  /// @param rows rows, one for each item
  /// @param broken cells left out because they cannot be read
  /// @param resumedAt samples that an earlier process had done
  public record Outcome(long rows, long broken, int resumedAt) {}

  /// An embedding that takes a milestone every second.
  ///
  /// @param dataset the samples
  /// @param data what identifies them, such as a fingerprint and a split
  public Embedding(OnnxEncoder encoder, Dataset dataset, String data, EmbeddingTarget target) {
    this(encoder, dataset, data, target, Duration.ofSeconds(1));
  }

  /// An embedding.
  ///
  /// @param between the least time between two milestones
  public Embedding(
      OnnxEncoder encoder, Dataset dataset, String data, EmbeddingTarget target, Duration between) {
    this.encoder = encoder;
    this.dataset = dataset;
    this.data = data;
    this.target = target;
    this.between = between;
  }

  /// Writes the features, or the rest of them.
  ///
  /// @throws MmctException where there are such files already, no sample has the modality, or
  ///     something cannot be written
  public Outcome run(Listener listener) {
    target.requireNone();
    Optional<Milestone> left = Milestone.read(target.milestone(), job());
    if (left.isEmpty()) {
      requireSomething();
    }
    List<RowFile> files = open();
    try {
      Milestone start = left.filter(it -> fits(it, files)).orElseGet(() -> fresh(files));
      Milestone end = write(files, start, listener);
      finish(files, end.rows());
      return new Outcome(end.rows(), end.broken(), start.samples());
    } catch (RuntimeException e) {
      abandon(files);
      throw e;
    } finally {
      files.forEach(RowFile::close);
    }
  }

  /// Everything that a row of the result depends on.
  private String job() {
    return String.join(
        " ",
        encoder.fingerprint(),
        encoder.options().toString(),
        EnumSet.copyOf(target.formats()).toString(),
        Integer.toString(dataset.size()),
        data.replaceAll("\\s+", "_"));
  }

  /// An empty file of features would be of no use, and is most often a mistake in the data's path
  /// or columns.
  private void requireSomething() {
    String modality = encoder.description().name();
    if (dataset.cells(modality).findFirst().isEmpty()) {
      throw new MmctException(
          "none of the %d samples has %s; it is read from the columns %s of a manifest, and --columns names others"
              .formatted(dataset.size(), modality, String.join(", ", encoder.columns().names())));
    }
  }

  private List<RowFile> open() {
    List<RowFile> files = new ArrayList<>();
    try {
      files.add(new ItemFile(new GrowingFile(target.items())));
      for (EmbeddingTarget.Format format : EnumSet.copyOf(target.formats())) {
        GrowingFile file = new GrowingFile(target.features(format));
        files.add(
            switch (format) {
              case NPY -> new NpyFile(file, encoder.width());
              case CSV -> new CsvFile(file, encoder.width());
            });
      }
      return files;
    } catch (RuntimeException e) {
      files.forEach(RowFile::close);
      throw e;
    }
  }

  /// Whether the files hold what the milestone says; what they hold beyond it is taken back.
  private static boolean fits(Milestone left, List<RowFile> files) {
    if (left.bytes().size() != files.size()) {
      return false;
    }
    for (int i = 0; i < files.size(); i++) {
      if (files.get(i).file().size() < left.bytes().get(i)) {
        return false;
      }
    }
    for (int i = 0; i < files.size(); i++) {
      files.get(i).file().keep(left.bytes().get(i));
    }
    return true;
  }

  private Milestone fresh(List<RowFile> files) {
    delete(target);
    for (RowFile file : files) {
      file.file().keep(0);
      file.start();
    }
    return new Milestone(job(), 0, 0, 0, lengths(files));
  }

  private static List<Long> lengths(List<RowFile> files) {
    return files.stream().map(file -> file.file().size()).toList();
  }

  private Milestone write(List<RowFile> files, Milestone start, Listener listener) {
    Progress progress = new Progress(start);
    Consumer<BrokenCell> leftOut =
        cell -> {
          broken++;
          listener.broken(cell);
        };
    broken = start.broken();
    Dataset rest = new Rest(dataset, start.samples());
    try (FeatureBatches batches = encoder.encode(rest, leftOut)) {
      while (progress.next(batches)) {
        FeatureBatches.Encoded encoded = batches.next();
        progress.takeMilestone(encoded, files);
        RowFile.Rows rows = progress.rows(encoded);
        files.forEach(file -> file.append(rows));
        progress.count(rows);
        listener.encoded(progress.reached(), dataset.size(), start.samples());
      }
    }
    listener.encoded(dataset.size(), dataset.size(), start.samples());
    return new Milestone(start.job(), dataset.size(), progress.rows, broken, lengths(files));
  }

  private void finish(List<RowFile> files, long rows) {
    files.forEach(file -> file.complete(rows));
    files.forEach(file -> file.file().finish());
    delete(target);
  }

  /// What has a milestone can be gone on with; what has none is taken away.
  private void abandon(List<RowFile> files) {
    if (!Files.exists(target.milestone())) {
      files.forEach(file -> file.file().discard());
    }
  }

  private static void delete(EmbeddingTarget target) {
    try {
      Files.deleteIfExists(target.milestone());
    } catch (IOException e) {
      throw new MmctException(
          "%s cannot be deleted: %s".formatted(target.milestone(), AtomicFiles.reason(e)), e);
    }
  }

  /// Counts rows, and knows when a milestone can be taken: samples are encoded in groups of one
  /// batch, and only where a group ends are the batches of a process that goes on the same.
  private final class Progress {
    private final Milestone start;
    private final int group = encoder.batch();
    private long rows;
    private int lastSample = -1;
    private int item;
    private long brokenBefore;
    private long milestoneAt = System.nanoTime();

    Progress(Milestone start) {
      this.start = start;
      rows = start.rows();
    }

    boolean next(FeatureBatches batches) {
      brokenBefore = broken;
      return batches.hasNext();
    }

    /// Samples that have been done, counted from the first of the dataset.
    int reached() {
      return start.samples() + lastSample + 1;
    }

    void takeMilestone(FeatureBatches.Encoded encoded, List<RowFile> files) {
      boolean groupEnded = lastSample >= 0 && encoded.samples()[0] / group > lastSample / group;
      if (!groupEnded || System.nanoTime() - milestoneAt < between.toNanos()) {
        return;
      }
      int done = start.samples() + (lastSample / group + 1) * group;
      files.forEach(file -> file.file().force());
      new Milestone(start.job(), done, rows, brokenBefore, lengths(files))
          .write(target.milestone());
      milestoneAt = System.nanoTime();
    }

    RowFile.Rows rows(FeatureBatches.Encoded encoded) {
      int n = encoded.samples().length;
      String[] ids = new String[n];
      int[] items = new int[n];
      for (int i = 0; i < n; i++) {
        int sample = encoded.samples()[i];
        item = sample == lastSample ? item + 1 : 0;
        lastSample = sample;
        ids[i] = dataset.id(start.samples() + sample);
        items[i] = item;
      }
      return new RowFile.Rows(rows, ids, items, encoded.values(), encoded.width());
    }

    void count(RowFile.Rows more) {
      rows += more.count();
    }
  }
}
