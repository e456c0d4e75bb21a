package mmct.eval.embed;

import java.nio.file.Files;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.io.AtomicFiles;
import mmct.api.spi.EvaluationContext.Features;
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
  private final boolean keepsNonFinite;

  private long broken;
  private long nonFinite;

  /// Hears what an embedding does.
  public interface Listener {
    /// So many samples of all are done; called after every batch.
    ///
    /// @param resumedAt samples that an earlier process has done
    void encoded(int samples, int of, int resumedAt);

    /// A cell was left out because it cannot be read.
    void broken(BrokenCell cell);

    /// A row holds values that are NaN or infinite, and is written all the same.
    ///
    /// @param id the id of its sample
    default void nonFinite(String id) {}
  }

  /// What was written.
  ///
  /// @param rows rows, one for each item
  /// @param broken cells left out because they cannot be read
  /// @param nonFinite rows that hold values that are NaN or infinite
  /// @param resumedAt samples that an earlier process had done
  public record Outcome(long rows, long broken, long nonFinite, int resumedAt) {}

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
    this(encoder, dataset, data, target, between, false);
  }

  private Embedding(
      OnnxEncoder encoder,
      Dataset dataset,
      String data,
      EmbeddingTarget target,
      Duration between,
      boolean keepsNonFinite) {
    this.encoder = encoder;
    this.dataset = dataset;
    this.data = data;
    this.target = target;
    this.between = between;
    this.keepsNonFinite = keepsNonFinite;
  }

  /// The same, but rows that hold values that are NaN or infinite are written and counted, instead
  /// of ending it.
  public Embedding keepingNonFinite() {
    return new Embedding(encoder, dataset, data, target, between, true);
  }

  /// Writes the features, or the rest of them.
  ///
  /// @throws MmctException where there are such files already, no sample has the modality or
  ///     none can be read, features are NaN or infinite, or something cannot be written
  public Outcome run(Listener listener) {
    Optional<Milestone> left = Milestone.read(target.milestone(), job());
    if (left.filter(Milestone::complete).filter(this::published).isPresent()) {
      return outcome(left.get(), left.get().samples());
    }
    target.requireNone();
    if (left.isEmpty()) {
      requireSomething();
    }
    try (RowFiles files = RowFiles.open(target, encoder.width())) {
      return run(files, listener);
    }
  }

  private Outcome run(RowFiles files, Listener listener) {
    try {
      // Another process may have ended, or come further, before this one had the files.
      target.requireNone();
      Milestone start =
          Milestone.read(target.milestone(), job())
              .filter(it -> !it.complete() && files.fit(it))
              .orElseGet(() -> fresh(files));
      Milestone end = write(files, start, listener);
      if (end.rows() == 0) {
        throw new MmctException(
            "nothing is written: no %s of the %d samples can be read"
                .formatted(encoder.description().name(), dataset.size()));
      }
      publish(files, end);
      return outcome(end, start.samples());
    } catch (RuntimeException e) {
      abandon(files);
      throw e;
    }
  }

  private boolean published(Milestone end) {
    return new Publication(target, end).goOn();
  }

  private static Outcome outcome(Milestone end, int resumedAt) {
    return new Outcome(end.rows(), end.broken(), end.nonFinite(), resumedAt);
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

  private Milestone fresh(RowFiles files) {
    AtomicFiles.delete(target.milestone());
    files.start();
    return new Milestone(job(), 0, 0, 0, 0, files.lengths(), List.of());
  }

  private Milestone write(RowFiles files, Milestone start, Listener listener) {
    Progress progress = new Progress(start);
    Consumer<BrokenCell> leftOut =
        cell -> {
          broken++;
          listener.broken(cell);
        };
    broken = start.broken();
    nonFinite = start.nonFinite();
    Dataset rest = new Rest(dataset, start.samples());
    try (FeatureBatches batches = encoder.encode(rest, leftOut)) {
      while (progress.next(batches)) {
        FeatureBatches.Encoded encoded = batches.next();
        progress.takeMilestone(encoded, files);
        look(encoded, rest, listener);
        RowFile.Rows rows = progress.rows(encoded);
        files.append(rows);
        progress.count(rows);
        listener.encoded(progress.reached(), dataset.size(), start.samples());
      }
    }
    listener.encoded(dataset.size(), dataset.size(), start.samples());
    return new Milestone(
        start.job(), dataset.size(), progress.rows, broken, nonFinite, files.lengths(), List.of());
  }

  /// Looks for values that are no numbers before they are written.
  private void look(FeatureBatches.Encoded encoded, Dataset samples, Listener listener) {
    Features features = new Features(encoded.values(), encoded.width(), encoded.samples());
    if (!keepsNonFinite) {
      features.requireFinite(
          samples,
          "%s from %s (--non-finite keep writes them as they are)"
              .formatted(encoder.description().name(), encoder.file()));
    }
    for (int item : features.nonFinite()) {
      nonFinite++;
      listener.nonFinite(samples.id(encoded.samples()[item]));
    }
  }

  private void publish(RowFiles files, Milestone end) {
    Milestone complete = end.complete(files.complete(end.rows()));
    complete.write(target.milestone());
    new Publication(target, complete).publish();
  }

  /// What has a milestone can be gone on with; what has none is taken away.
  private void abandon(RowFiles files) {
    if (!Files.exists(target.milestone())) {
      files.discard();
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

    void takeMilestone(FeatureBatches.Encoded encoded, RowFiles files) {
      boolean groupEnded = lastSample >= 0 && encoded.samples()[0] / group > lastSample / group;
      if (!groupEnded || System.nanoTime() - milestoneAt < between.toNanos()) {
        return;
      }
      int done = start.samples() + (lastSample / group + 1) * group;
      files.force();
      new Milestone(start.job(), done, rows, brokenBefore, nonFinite, files.lengths(), List.of())
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
