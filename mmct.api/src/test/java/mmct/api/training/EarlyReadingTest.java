package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading begins while a run is still being prepared.
class EarlyReadingTest {
  private static final int BATCH = 8;
  private static final int STEPS = 15;

  @TempDir Path temp;

  private final Queue<Integer> read = new ConcurrentLinkedQueue<>();
  private final CountDownLatch firstBatch = new CountDownLatch(BATCH);

  /// Hears which samples are read before they are.
  private record Watched(Dataset dataset, IntConsumer reading) implements Dataset {
    @Override
    public int size() {
      return dataset.size();
    }

    @Override
    public String id(int index) {
      return dataset.id(index);
    }

    @Override
    public Sample get(int index) {
      reading.accept(index);
      return dataset.get(index);
    }

    @Override
    public Stream<Cell> cells(String modality) {
      return dataset.cells(modality);
    }
  }

  private void writeDown(int index) {
    read.add(index);
    firstBatch.countDown();
  }

  private static void tear(int index) {
    if (index == 17) {
      throw new MmctException("the file is gone");
    }
  }

  private RunOf run(String name, Catalogue catalogue, String... overrides) {
    return new RunOf(temp.resolve(name), TrainingTest.YAML, overrides).with(catalogue);
  }

  private RunOf watched(String name, String... overrides) {
    return run(name, Toys.catalogue(split -> new Watched(split, this::writeDown)), overrides);
  }

  /// A pool counts a thread as ended shortly before it is, so each is waited for.
  private static void assertNoDataThreads() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("mmct-data-")) {
        assertThatCode(() -> thread.join(Duration.ofSeconds(5))).doesNotThrowAnyException();
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void theFirstBatchesAreDrawnBeforeTheRunIsStarted() throws InterruptedException {
    RunOf run = watched("prepared");
    try (Training training = run.prepare(false, Progress.silent())) {
      assertThat(firstBatch.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(training.folder()).doesNotExist();
    }
    assertNoDataThreads();
  }

  @Test
  void noSampleIsReadTwiceForIt() {
    watched("whole").train();
    assertThat(read).hasSize(STEPS * BATCH);
  }

  @Test
  void aResumedRunReadsAheadFromWhereItStands() {
    RunOf run = watched("resumed");
    run.trainUntil(7);
    read.clear();
    run.resume();
    assertThat(read).hasSize((STEPS - 7) * BATCH);
  }

  @Test
  void whereTheSetUpIsRefusedNoThreadIsLeft() {
    refused(watched("norm", "modalities.a.batchNorm=true", "accumulate=8"), "accumulate must be");
    refused(watched("encoder", "objectives.aa.query=m", "objectives.aa.key=m"), "has no encoder");
  }

  private void refused(RunOf run, String message) {
    read.clear();
    assertThatThrownBy(() -> run.prepare(false, Progress.silent()).close())
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(message);
    assertNoDataThreads();
  }

  @Test
  void aSampleThatCannotBeReadIsToldOnceItsBatchIsNeeded() {
    RunOf run = run("torn", Toys.catalogue(split -> new Watched(split, EarlyReadingTest::tear)));
    try (Training training = run.prepare(false, Progress.silent())) {
      assertThatThrownBy(training::run)
          .isInstanceOf(MmctException.class)
          .hasMessage("sample 'train17': the file is gone");
    }
    assertThat(run.record().get("status").textValue()).isEqualTo("failed");
    assertNoDataThreads();
  }
}
