package mmct.api.training.data;

import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import mmct.api.engine.Threads;

/// Runs jobs on worker threads ahead of their consumer and hands the results out in the order of
/// the jobs, so that what comes out does not depend on how many threads there are.
///
/// At most `ahead` jobs are begun or done and not yet taken; that bounds the memory. One thread
/// takes; any thread may close.
///
/// @param <T> the result of a job
public final class ReadAhead<T> implements AutoCloseable {
  private static final int CLOSING_SECONDS = 5;

  private final Iterator<? extends Job<T>> jobs;
  private final int ahead;
  private final ExecutorService workers;
  private final Deque<CompletableFuture<T>> pending = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;
  private long waitedNanos;

  /// Work that several threads share.
  ///
  /// @param <T> its result
  public interface Job<T> {
    /// Into how many parts the work falls, at least 1.
    int parts();

    /// Does one part; parts run concurrently.
    void run(int part);

    /// The result, on the thread that finished the last part; sees what all parts wrote.
    T result();
  }

  /// Starts the threads; the first jobs begin with the first call of [#take] or [#start].
  ///
  /// @param jobs the work in order; its methods are called only by the thread that takes
  /// @param workers number of threads; 0 is one per core
  /// @param ahead how many jobs are under way before they are asked for, at least 1
  public ReadAhead(Iterator<? extends Job<T>> jobs, int workers, int ahead) {
    this.jobs = jobs;
    this.ahead = Math.max(1, ahead);
    this.workers = Executors.newFixedThreadPool(threads(workers), named());
  }

  /// The number of threads that a setting stands for: 0 is one per core.
  public static int threads(int workers) {
    return workers > 0 ? workers : Runtime.getRuntime().availableProcessors();
  }

  /// Begins the first jobs, for a consumer that has something else to do before it takes.
  public void start() {
    while (pending.size() < ahead && jobs.hasNext()) {
      Running running = new Running(jobs.next());
      pending.add(running.future);
      running.submit();
    }
  }

  /// Whether there is another result.
  public boolean hasNext() {
    return !pending.isEmpty() || jobs.hasNext();
  }

  /// The next result; waits for it where it is not there yet.
  ///
  /// A failure of a job comes out here in the job's turn, and again with every later call. Where
  /// the thread is interrupted nothing is lost: the same result can be taken again.
  ///
  /// @throws CancellationException where this has been closed
  /// @throws NoSuchElementException where all results have been taken
  public T take() throws InterruptedException {
    long before = System.nanoTime();
    try {
      start();
      CompletableFuture<T> next = pending.peek();
      if (next == null) {
        throw new NoSuchElementException("all jobs are done");
      }
      T result = next.get();
      pending.remove();
      start();
      return result;
    } catch (ExecutionException e) {
      throw unchecked(e);
    } finally {
      waitedNanos += System.nanoTime() - before;
    }
  }

  /// The time spent in [#take] so far, in nanoseconds.
  public long waitedNanos() {
    return waitedNanos;
  }

  /// Stops the threads and waits until none of them is at work any more; a consumer that waits in
  /// [#take] is released.
  @Override
  public void close() {
    closed = true;
    workers.shutdownNow();
    pending.forEach(job -> job.completeExceptionally(new CancellationException("closed")));
    boolean interrupted = Thread.interrupted();
    try {
      workers.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException unchecked(ExecutionException failure) {
    return switch (failure.getCause()) {
      case RuntimeException told -> told;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(failure);
    };
  }

  private static ThreadFactory named() {
    AtomicInteger count = new AtomicInteger();
    return work ->
        Thread.ofPlatform()
            .name("mmct-data-" + count.incrementAndGet())
            .daemon()
            .unstarted(
                () -> {
                  Threads.giveWay();
                  work.run();
                });
  }

  /// A job under way.
  private final class Running {
    private final Job<T> job;
    private final int parts;
    private final AtomicInteger left;
    private final AtomicReferenceArray<Throwable> failures;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    Running(Job<T> job) {
      this.job = job;
      parts = job.parts();
      left = new AtomicInteger(parts);
      failures = new AtomicReferenceArray<>(parts);
    }

    void submit() {
      try {
        for (int part = 0; part < parts; part++) {
          int number = part;
          workers.execute(() -> run(number));
        }
      } catch (RejectedExecutionException e) {
        future.completeExceptionally(new CancellationException("closed"));
      }
    }

    private void run(int part) {
      try {
        if (!closed) {
          job.run(part);
        }
      } catch (Throwable failure) {
        failures.set(part, failure);
      }
      if (left.decrementAndGet() == 0 && !closed) {
        finish();
      }
    }

    /// Of several failures the one of the first part counts, whichever happened first.
    private void finish() {
      for (int part = 0; part < parts; part++) {
        Throwable failure = failures.get(part);
        if (failure != null) {
          future.completeExceptionally(failure);
          return;
        }
      }
      try {
        future.complete(job.result());
      } catch (Throwable failure) {
        future.completeExceptionally(failure);
      }
    }
  }
}
