package mmct.api.training.data;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Dataset;
import mmct.api.data.HostMemory;
import mmct.api.data.HostTensor;
import mmct.api.data.Sample;
import mmct.api.data.View;
import mmct.api.spi.Modality;

/// The plain views of one modality over a whole split, in the order of its samples: what an
/// evaluation encodes. Drawn by worker threads ahead of the consumer; the result does not
/// depend on how many there are. One thread takes; any thread may close.
public final class PlainBatches implements Iterator<PlainBatches.Items>, AutoCloseable {
  private final Dataset dataset;
  private final String name;
  private final Modality modality;
  private final int batch;
  private final Consumer<BrokenCell> listener;
  private final ReadAhead<Drawn> readAhead;
  private final HostMemory memory;
  private Iterator<Items> current = List.<Items>of().iterator();

  /// Some items with their inputs.
  ///
  /// @param samples per item, the index of its sample in the dataset, ascending, length n
  /// @param inputs the encoder's inputs, each `[n, ...]`
  public record Items(int[] samples, List<HostTensor> inputs) {
    /// Copies the list.
    public Items {
      inputs = List.copyOf(inputs);
    }
  }

  /// What the workers make of some samples.
  private record Drawn(List<Items> items, List<BrokenCell> broken) {}

  /// What one sample gives.
  private record Plain(List<View> views, List<BrokenCell> broken) {}

  /// Opens the items of a split.
  ///
  /// @param dataset the split
  /// @param name the modality's name
  /// @param modality draws and collates the views
  /// @param batch the most items in one batch; where samples have several items or none, a batch
  ///     may have fewer
  /// @param workers threads; 0 is one per core
  /// @param ahead batches of samples that are drawn ahead
  /// @param listener hears of every cell that is left out because it cannot be read, in order
  public PlainBatches(
      Dataset dataset,
      String name,
      Modality modality,
      int batch,
      int workers,
      int ahead,
      Consumer<BrokenCell> listener) {
    this(dataset, name, modality, batch, workers, ahead, new HostMemory(), listener);
  }

  /// Opens the items of a split, whose inputs take their memory from some that is at hand.
  ///
  /// @param memory says whether bytes stay bytes
  public PlainBatches(
      Dataset dataset,
      String name,
      Modality modality,
      int batch,
      int workers,
      int ahead,
      HostMemory memory,
      Consumer<BrokenCell> listener) {
    this.dataset = dataset;
    this.name = name;
    this.modality = modality;
    this.batch = batch;
    this.memory = memory;
    this.listener = listener;
    Iterator<PlainJob> jobs =
        IntStream.iterate(0, from -> from < dataset.size(), from -> from + batch)
            .mapToObj(from -> new PlainJob(from, Math.min(from + batch, dataset.size())))
            .iterator();
    readAhead = new ReadAhead<>(jobs, workers, ahead);
  }

  /// Whether there are more items; waits where that is not known yet.
  @Override
  public boolean hasNext() {
    try {
      while (!current.hasNext() && readAhead.hasNext()) {
        Drawn drawn = readAhead.take();
        drawn.broken().forEach(listener);
        current = drawn.items().iterator();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for a batch");
    }
    return current.hasNext();
  }

  @Override
  public Items next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more items");
    }
    return current.next();
  }

  /// Takes the memory of items back, for those that are drawn later. Nothing that shares it may be
  /// read any more; whoever does not recycle loses nothing.
  public void recycle(Items items) {
    items.inputs().forEach(memory::recycle);
  }

  /// Stops the threads.
  @Override
  public void close() {
    readAhead.close();
  }

  /// Draws the samples of a range, one by one, then collates them in batches.
  private final class PlainJob implements ReadAhead.Job<Drawn> {
    private final int from;
    private final Plain[] drawn;

    PlainJob(int from, int to) {
      this.from = from;
      drawn = new Plain[to - from];
    }

    @Override
    public int parts() {
      return drawn.length;
    }

    @Override
    public void run(int part) {
      String id = dataset.id(from + part);
      try {
        Sample sample = dataset.get(from + part);
        List<View> views = sample.cell(name).map(modality::plain).orElse(List.of());
        drawn[part] = new Plain(views, List.of());
      } catch (BrokenCellException e) {
        BrokenCell cell = new BrokenCell(id, name, String.valueOf(e.getMessage()));
        drawn[part] = new Plain(List.of(), List.of(cell));
      } catch (MmctException e) {
        throw new MmctException("sample '%s': %s".formatted(id, e.getMessage()), e);
      } catch (RuntimeException e) {
        throw new IllegalStateException(
            "'%s' of sample '%s' could not be drawn: %s".formatted(name, id, e), e);
      }
    }

    @Override
    public Drawn result() {
      List<View> all = Stream.of(drawn).flatMap(plain -> plain.views().stream()).toList();
      int[] samples =
          IntStream.range(0, drawn.length)
              .flatMap(i -> IntStream.generate(() -> from + i).limit(drawn[i].views().size()))
              .toArray();
      List<Items> items =
          IntStream.iterate(0, first -> first < all.size(), first -> first + batch)
              .mapToObj(first -> items(all, samples, first, Math.min(first + batch, all.size())))
              .toList();
      return new Drawn(items, Stream.of(drawn).flatMap(plain -> plain.broken().stream()).toList());
    }

    private Items items(List<View> all, int[] samples, int first, int end) {
      return new Items(
          Arrays.copyOfRange(samples, first, end),
          memory.use(() -> modality.collate(all.subList(first, end))));
    }
  }
}
