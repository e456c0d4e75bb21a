package mmct.api.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadAheadTest {
  private final AtomicInteger begun = new AtomicInteger();

  /// A job of three parts whose result is its number.
  private record Numbered(int number, Runnable work) implements ReadAhead.Job<Integer> {
    @Override
    public int parts() {
      return 3;
    }

    @Override
    public void run(int part) {
      work.run();
    }

    @Override
    public Integer result() {
      return number;
    }
  }

  private ReadAhead<Integer> numbers(int count, int workers, int ahead, Runnable work) {
    return new ReadAhead<>(
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  begun.incrementAndGet();
                  return new Numbered(i, work);
                })
            .iterator(),
        workers,
        ahead);
  }

  @Test
  void resultsComeInTheOrderOfTheJobs() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    Runnable uneven = () -> pause(Seeds.hash(calls.incrementAndGet()) & 1);
    try (ReadAhead<Integer> numbers = numbers(50, 4, 7, uneven)) {
      for (int i = 0; i < 50; i++) {
        assertThat(numbers.take()).isEqualTo(i);
      }
      assertThat(numbers.hasNext()).isFalse();
      assertThatThrownBy(numbers::take).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void noMoreThanTheJobsAheadAreBegun() throws InterruptedException {
    try (ReadAhead<Integer> numbers = numbers(50, 4, 3, () -> {})) {
      assertThat(begun).hasValue(0);
      numbers.start();
      assertThat(begun).hasValue(3);
      for (int taken = 1; taken <= 10; taken++) {
        numbers.take();
        pause(2);
        assertThat(begun).hasValue(taken + 3);
      }
    }
  }

  @Test
  void theTimeSpentWaitingIsTheConsumersOnly() throws InterruptedException {
    try (ReadAhead<Integer> numbers = numbers(2, 3, 2, () -> pause(80))) {
      numbers.take();
      assertThat(Duration.ofNanos(numbers.waitedNanos())).isGreaterThan(Duration.ofMillis(75));
      pause(300);
      long before = numbers.waitedNanos();
      numbers.take();
      assertThat(Duration.ofNanos(numbers.waitedNanos() - before))
          .isLessThan(Duration.ofMillis(60));
    }
  }

  @Test
  void anInterruptedConsumerLosesNothing() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    try (ReadAhead<Integer> numbers = numbers(2, 2, 2, () -> await(release))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(numbers::take).isInstanceOf(InterruptedException.class);
      release.countDown();
      assertThat(numbers.take()).isZero();
      assertThat(numbers.take()).isOne();
    }
  }

  @Test
  void closingReleasesTheConsumerAndStopsTheThreads() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    ReadAhead<Integer> numbers = numbers(100, 3, 9, () -> await(never));
    AtomicReference<Throwable> seen = new AtomicReference<>();
    Thread consumer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    numbers.take();
                  } catch (Throwable e) {
                    seen.set(e);
                  }
                });
    for (int i = 0; i < 500 && dataThreads() < 3; i++) {
      pause(10);
    }
    assertThat(dataThreads()).isEqualTo(3);
    numbers.close();
    consumer.join();
    assertThat(seen.get()).isInstanceOf(CancellationException.class);
    for (int i = 0; i < 100 && dataThreads() > 0; i++) {
      pause(10);
    }
    assertThat(dataThreads()).isZero();
    assertThatThrownBy(numbers::take).isInstanceOf(CancellationException.class);
  }

  @Test
  void closingKeepsTheInterruptionOfItsThread() {
    ReadAhead<Integer> numbers = numbers(3, 1, 1, () -> {});
    Thread.currentThread().interrupt();
    numbers.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anErrorInAWorkerReachesTheConsumer() {
    Runnable failing =
        () -> {
          throw new StackOverflowError("deep");
        };
    try (ReadAhead<Integer> numbers = numbers(3, 2, 2, failing)) {
      assertThatThrownBy(numbers::take).isInstanceOf(StackOverflowError.class);
    }
  }

  private static long dataThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("mmct-data-") && thread.isDaemon())
        .count();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
