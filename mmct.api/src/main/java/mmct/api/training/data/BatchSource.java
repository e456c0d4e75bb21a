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
  private final Reading reading;
  private final Device device;
  private BrokenCells broken;
  private final SampleDrawer drawer;
  private final Collation collation;
  private final ReadAhead<Drawn> readAhead;
  private final HostMemory memory;
  private long position;
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
  public record Reading(
      String split,
      int batch,
      int accumulate,
      boolean dropLast,
      long seed,
      int epochs,
      int workers,
      int ahead) {
    /// Whole batches of a split in memory, drawn by one thread per core.
    public static Reading of(int batch, int epochs, long seed) {
      return new Reading("train", batch, 1, true, seed, epochs, 0, 4);
    }

    /// Optimiser steps per epoch over so many samples.
    public long stepsPerEpoch(int samples) {
      return dropLast ? samples / batch : Math.ceilDiv(samples, batch);
    }

    /// Refuses a split that gives no batch.
    ///
    /// @param samples the size of the split
    /// @throws MmctException where it is empty or smaller than the only batch
    public void check(int samples) {
      if (samples == 0) {
        throw new MmctException("the split '%s' is empty (data.train)".formatted(split));
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
  /// @param position batches of the whole run that have been taken before; 0 for a new run
  /// @param broken counts the cells that cannot be read
  /// @param device where the batches will go; for a GPU their memory is page-locked
  /// @throws MmctException where the split is empty or smaller than the only batch
  public BatchSource(
      Dataset dataset,
      BatchPlan plan,
      Reading reading,
      long position,
      BrokenCells broken,
      Device device) {
    reading.check(dataset.size());
    this.dataset = dataset;
    this.plan = plan;
    this.device = device;
    this.reading = reading;
    this.broken = broken;
    this.position = position;
    memory =
        device.isGpu()
            ? HostMemory.forGpu(
                pages -> Gpu.lockPages(device, pages), pages -> Gpu.unlockPages(device, pages))
            : new HostMemory();
    drawer = new SampleDrawer(dataset, Instances.of(dataset), plan, reading.seed());
    collation = new Collation(plan);
    readAhead = new ReadAhead<>(new Jobs(position), reading.workers(), reading.ahead());
  }

  /// Opens the batches of a run that computes on the processor.
  ///
  /// @throws MmctException where the split is empty or smaller than the only batch
  public BatchSource(
      Dataset dataset, BatchPlan plan, Reading reading, long position, BrokenCells broken) {
    this(dataset, plan, reading, position, broken, Device.cpu());
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
  /// @param position where the run will probably begin
  /// @param device where the batches will go
  /// @throws MmctException where the split is empty or smaller than the only batch
  public static BatchSource begin(
      Dataset dataset, BatchPlan plan, Reading reading, long position, Device device) {
    BrokenCells nobody = new BrokenCells(dataset.size(), 0, cell -> {});
    BatchSource batches = new BatchSource(dataset, plan, reading, position, nobody, device);
    batches.start();
    return batches;
  }

  /// The batches that were begun, of which none has been taken yet. Where the run begins elsewhere
  /// than was thought, what was drawn is thrown away.
  ///
  /// @param first batches of the whole run that have been taken before
  /// @param account counts the cells that cannot be read
  /// @return these batches, or others in their place, which the caller closes
  public BatchSource from(long first, BrokenCells account) {
    if (first != position) {
      close();
      return new BatchSource(dataset, plan, reading, first, account, device);
    }
    broken = account;
    return this;
  }

  /// Begins to draw, for a caller that has something else to do before it takes the first batch.
  /// What goes wrong is told when the batch is taken.
  public void start() {
    readAhead.start();
  }

  @Override
  public boolean hasNext() {
    return position < totalSteps();
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
    position++;
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
    return position;
  }

  /// Optimiser steps per epoch.
  public long stepsPerEpoch() {
    return reading.stepsPerEpoch(dataset.size());
  }

  /// Optimiser steps of all epochs.
  public long totalSteps() {
    return stepsPerEpoch() * reading.epochs();
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
    private long next;
    private long epoch = -1;
    private int[] order = {};

    Jobs(long next) {
      this.next = next;
    }

    @Override
    public boolean hasNext() {
      return next < totalSteps();
    }

    @Override
    public BatchJob next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      long steps = stepsPerEpoch();
      if (next / steps != epoch) {
        epoch = next / steps;
        order = Seeds.permutation(dataset.size(), Seeds.hash(reading.seed(), epoch));
      }
      int from = Math.toIntExact(next % steps * reading.batch());
      int to = (int) Math.min((long) from + reading.batch(), order.length);
      next++;
      return new BatchJob(Arrays.copyOfRange(order, from, to), epoch);
    }
  }

  /// Draws the samples of one batch in parts of a few, then collates.
  private final class BatchJob implements ReadAhead.Job<Drawn> {
    private static final int MOST_PER_PART = 16;

    private final int[] samples;
    private final long epoch;
    private final DrawnSample[] drawn;
    private final int perPart;

    BatchJob(int[] samples, long epoch) {
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
      int divisor = Math.clamp(reading.accumulate(), 1, drawn.length);
      List<DrawnSample> rows = Arrays.asList(drawn);
      List<Batch> parts =
          IntStream.range(0, divisor)
              .mapToObj(part -> rows.subList(share(part, divisor), share(part + 1, divisor)))
              .map(part -> memory.use(() -> collation.batch(part)))
              .toList();
      return new Drawn(
          parts, Stream.of(drawn).flatMap(sample -> sample.broken().stream()).toList());
    }

    /// The first row of a part.
    private int share(int part, int divisor) {
      return (int) ((long) part * drawn.length / divisor);
    }
  }
}
