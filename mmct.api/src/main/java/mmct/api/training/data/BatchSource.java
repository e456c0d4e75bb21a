package mmct.api.training.data;

import ai.djl.Device;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.data.HostMemory;
import mmct.api.engine.Gpu;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;

/// The batches of a training run, in order, drawn by worker threads ahead of the step.
///
/// Order and content depend on the dataset, the plan and the seed, and on nothing else: not on the
/// number of threads, nor on where a resumed run takes up. An epoch is a permutation of the
/// split that hash(seed, epoch) decides; the randomness of a view is hash(seed, epoch, sample,
/// modality). One thread takes; any thread may close.
public final class BatchSource implements Iterator<List<Batch>>, AutoCloseable {
  private final Dataset dataset;
  private final BatchPlan plan;
  private Reading reading;
  private final Device device;
  private BrokenCells broken;
  private final SampleDrawer drawer;
  private final Collation collation;
  private final ReadAhead<Drawn> readAhead;
  private final HostMemory memory;
  private Cursor cursor;
  private List<Batch> taken = List.of();

  /// How a split is read.
  ///
  /// @param split the split's name, for messages
  /// @param batch samples per optimiser step
  /// @param accumulate parts into which a batch is divided, of equal size up to one row
  /// @param dropLast whether the last, smaller batch of an epoch is left out
  /// @param seed the run's seed
  /// @param epochs passes over the split
  /// @param workers threads that draw views; 0 is one per core
  /// @param ahead batches that are drawn ahead of the step
  /// @param fewest rows that every part of a batch must have to be trained on: a last batch of an
  ///     epoch that has fewer is left out whatever `dropLast` says
  public record Reading(
      String split,
      int batch,
      int accumulate,
      boolean dropLast,
      long seed,
      int epochs,
      int workers,
      int ahead,
      int fewest) {
    /// A split of which a single row can be trained on.
    public Reading(
        String split,
        int batch,
        int accumulate,
        boolean dropLast,
        long seed,
        int epochs,
        int workers,
        int ahead) {
      this(split, batch, accumulate, dropLast, seed, epochs, workers, ahead, 1);
    }

    /// Whole batches of a split in memory, drawn by one thread per core.
    public static Reading of(int batch, int epochs, long seed) {
      return new Reading("train", batch, 1, true, seed, epochs, 0, 4);
    }

    /// Optimiser steps per epoch over so many samples.
    public long stepsPerEpoch(int samples) {
      return stepsOf(samples);
    }

    /// Optimiser steps over so many samples, the rest of an epoch.
    long stepsOf(int samples) {
      long whole = samples / batch;
      return !dropLast && samples % batch >= Math.max(1, fewest) ? whole + 1 : whole;
    }

    /// The samples of every epoch that are left out although `dropLast` is false.
    public int leftOut(int samples) {
      int rest = samples % batch;
      return !dropLast && rest < fewest ? rest : 0;
    }

    /// The parts of a batch of so many rows.
    int parts(int rows) {
      return Math.clamp(accumulate, 1, Math.max(1, rows / Math.max(1, fewest)));
    }

    /// The same, with another number of rows that a part must have.
    public Reading fewest(int rows) {
      return new Reading(split, batch, accumulate, dropLast, seed, epochs, workers, ahead, rows);
    }

    /// Refuses a split that gives no batch.
    ///
    /// @param samples the size of the split
    /// @throws MmctException where it is empty or smaller than the only batch
    public void check(int samples) {
      if (samples == 0) {
        throw new MmctException("the split '%s' is empty (data.train)".formatted(split));
      }
      if (stepsPerEpoch(samples) == 0 && !dropLast) {
        throw new MmctException(
            "the split '%s' must have at least the %d samples that batch normalisation needs but has %d (data.train)"
                .formatted(split, fewest, samples));
      }
      if (stepsPerEpoch(samples) == 0) {
        throw new MmctException(
            "batch must be at most %d, the number of samples of the split '%s', or dropLast false, but was %d"
                .formatted(samples, split, batch));
      }
    }
  }

  /// What the workers make of one batch.
  private record Drawn(List<Batch> parts, List<BrokenCell> broken) {}

  /// Opens the batches of a run.
  ///
  /// @param dataset the training split
  /// @param plan what is drawn from each sample
  /// @param reading how the split is read
  /// @param first where the run stands; [Cursor#START] for a new run
  /// @param broken counts the cells that cannot be read
  /// @param device where the batches will go; for a GPU their memory is page-locked
  /// @throws MmctException where the split is empty or smaller than the only batch
  public BatchSource(
      Dataset dataset,
      BatchPlan plan,
      Reading reading,
      Cursor first,
      BrokenCells broken,
      Device device) {
    reading.check(dataset.size());
    this.dataset = dataset;
    this.plan = plan;
    this.device = device;
    this.reading = reading;
    this.broken = broken;
    cursor = first.settled(reading, dataset.size());
    memory =
        device.isGpu()
            ? HostMemory.forGpu(
                pages -> Gpu.lockPages(device, pages), pages -> Gpu.unlockPages(device, pages))
            : new HostMemory();
    drawer = new SampleDrawer(dataset, Instances.of(dataset), plan, reading.seed());
    collation = new Collation(plan);
    readAhead = new ReadAhead<>(new Jobs(cursor), reading.workers(), reading.ahead());
  }

  /// Opens the batches of a run that computes on the processor and has always read in this way.
  ///
  /// @param position batches of the whole run that have been taken before; 0 for a new run
  /// @throws MmctException where the split is empty or smaller than the only batch
  public BatchSource(
      Dataset dataset, BatchPlan plan, Reading reading, long position, BrokenCells broken) {
    this(dataset, plan, reading, at(position, reading, dataset), broken, Device.cpu());
  }

  private static Cursor at(long position, Reading reading, Dataset dataset) {
    reading.check(dataset.size());
    return Cursor.after(position, reading, dataset.size());
  }

  /// Opens the batches of a new run whose samples are sound: a cell that cannot be read ends it.
  ///
  /// @param dataset the training split
  /// @param plan what is drawn from each sample
  /// @param reading how the split is read
  /// @throws MmctException where the split is empty or smaller than the only batch
  public BatchSource(Dataset dataset, BatchPlan plan, Reading reading) {
    this(dataset, plan, reading, 0, new BrokenCells(dataset.size(), 0, cell -> {}));
  }

  /// Opens the batches of a run and begins to draw them, for a caller that knows what will be read
  /// before it can take anything; it goes on with [#from].
  ///
  /// @param dataset the training split
  /// @param plan what is drawn from each sample
  /// @param reading how the split is read
  /// @param first where the run will probably begin
  /// @param device where the batches will go
  /// @throws MmctException where the split is empty or smaller than the only batch
  public static BatchSource begin(
      Dataset dataset, BatchPlan plan, Reading reading, Cursor first, Device device) {
    BrokenCells nobody = new BrokenCells(dataset.size(), 0, cell -> {});
    BatchSource batches = new BatchSource(dataset, plan, reading, first, nobody, device);
    batches.start();
    return batches;
  }

  /// The batches that were begun, of which none has been taken yet. Where the run begins elsewhere
  /// than was thought, what was drawn is thrown away.
  ///
  /// @param first where the run stands
  /// @param fewest rows that every part of a batch must have to be trained on, which is known only
  ///     now
  /// @param account counts the cells that cannot be read
  /// @return these batches, or others in their place, which the caller closes
  public BatchSource from(Cursor first, int fewest, BrokenCells account) {
    Reading known = reading.fewest(fewest);
    known.check(dataset.size());
    if (!first.settled(known, dataset.size()).equals(cursor) || !begunAlike(known)) {
      close();
      return new BatchSource(dataset, plan, known, first, account, device);
    }
    reading = known;
    broken = account;
    return this;
  }

  /// Whether what is being drawn already is the same when it is read in another way: only a last,
  /// smaller batch could differ.
  private boolean begunAlike(Reading other) {
    int whole = (dataset.size() - cursor.samples()) / reading.batch();
    return other.fewest() == reading.fewest() || reading.dropLast() || whole > reading.ahead();
  }

  /// Begins to draw, for a caller that has something else to do before it takes the first batch.
  /// What goes wrong is told when the batch is taken.
  public void start() {
    readAhead.start();
  }

  @Override
  public boolean hasNext() {
    return cursor.left(reading, dataset.size()) > 0;
  }

  /// The next batch in `accumulate` parts; waits for it where it is not there yet.
  ///
  /// Broken cells are counted and told here, so a cell of a batch that is never taken is not.
  /// Where the thread is interrupted nothing is lost: the same batch can be taken again.
  ///
  /// @return the parts in the order of their rows; fewer where the batch has fewer rows than parts
  /// @throws MmctException where too many samples are broken, or a sample cannot be read at all
  public List<Batch> take() throws InterruptedException {
    Drawn drawn = readAhead.take();
    cursor = cursor.next(reading, dataset.size());
    taken = drawn.parts();
    broken.add(drawn.broken());
    return drawn.parts();
  }

  /// As [#take]; an interruption leaves the thread's flag set.
  ///
  /// @throws CancellationException where the thread has been interrupted
  @Override
  public List<Batch> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the run is over after " + totalSteps() + " batches");
    }
    try {
      return take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for a batch");
    }
  }

  /// Takes back the memory of the batch that was taken last, for those that follow; all arrays that
  /// were made of it must be closed. Not to call this is no leak, but the memory is then freed only
  /// when the garbage collector gets to it, and the size of the process goes up and down.
  public void recycle() {
    taken.stream()
        .flatMap(part -> part.modalities().values().stream())
        .flatMap(views -> Stream.concat(views.queries().stream(), views.keys().stream()))
        .flatMap(rows -> rows.inputs().stream())
        .forEach(memory::recycle);
    taken = List.of();
  }

  /// The number of batches of the whole run that have been taken, those before a resumption too.
  public long position() {
    return cursor.steps();
  }

  /// Where the run stands.
  public Cursor cursor() {
    return cursor;
  }

  /// Epochs done, with fraction.
  public double epochs() {
    return cursor.epochs(reading, dataset.size());
  }

  /// How far the run is, in batches as they are read now.
  public double place() {
    return cursor.place(reading, dataset.size());
  }

  /// Optimiser steps per epoch.
  public long stepsPerEpoch() {
    return reading.stepsPerEpoch(dataset.size());
  }

  /// Optimiser steps of the whole run: those taken and those that are left.
  public long totalSteps() {
    return cursor.steps() + cursor.left(reading, dataset.size());
  }

  /// The time that [#take] has waited for workers so far, in nanoseconds.
  public long waitedNanos() {
    return readAhead.waitedNanos();
  }

  /// Stops the threads.
  @Override
  public void close() {
    readAhead.close();
    memory.close();
  }

  /// The batches still to be drawn, in order.
  private final class Jobs implements Iterator<BatchJob> {
    private Cursor next;
    private long epoch = -1;
    private int[] order = {};

    Jobs(Cursor next) {
      this.next = next;
    }

    @Override
    public boolean hasNext() {
      return next.left(reading, dataset.size()) > 0;
    }

    @Override
    public BatchJob next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (next.epoch() != epoch) {
        epoch = next.epoch();
        order = Seeds.permutation(dataset.size(), Seeds.hash(reading.seed(), epoch));
      }
      int from = next.samples();
      int to = (int) Math.min((long) from + reading.batch(), order.length);
      next = next.next(reading, dataset.size());
      return new BatchJob(Arrays.copyOfRange(order, from, to), epoch, reading.parts(to - from));
    }
  }

  /// Draws the samples of one batch in parts of a few, then collates.
  private final class BatchJob implements ReadAhead.Job<Drawn> {
    private static final int MOST_PER_PART = 16;

    private final int[] samples;
    private final long epoch;
    private final DrawnSample[] drawn;
    private final int divisor;
    private final int perPart;

    BatchJob(int[] samples, long epoch, int divisor) {
      this.divisor = divisor;
      this.samples = samples;
      this.epoch = epoch;
      drawn = new DrawnSample[samples.length];
      int shares = 4 * ReadAhead.threads(reading.workers());
      perPart = Math.clamp(samples.length / shares, 1, MOST_PER_PART);
    }

    @Override
    public int parts() {
      return Math.ceilDiv(samples.length, perPart);
    }

    @Override
    public void run(int part) {
      int to = Math.min(samples.length, (part + 1) * perPart);
      for (int row = part * perPart; row < to && !Thread.currentThread().isInterrupted(); row++) {
        drawn[row] = drawer.draw(samples[row], epoch);
      }
    }

    @Override
    public Drawn result() {
      List<DrawnSample> rows = Arrays.asList(drawn);
      List<Batch> parts =
          IntStream.range(0, divisor)
              .mapToObj(part -> rows.subList(share(part), share(part + 1)))
              .map(part -> memory.use(() -> collation.batch(part)))
              .toList();
      return new Drawn(
          parts, Stream.of(drawn).flatMap(sample -> sample.broken().stream()).toList());
    }

    /// The first row of a part.
    private int share(int part) {
      return (int) ((long) part * drawn.length / divisor);
    }
  }
}
