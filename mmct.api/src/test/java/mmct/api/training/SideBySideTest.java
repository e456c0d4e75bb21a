package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.training.GradientCollector;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import mmct.api.MmctException;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several at once in one process: each computes what it would alone. The random numbers of the
/// engine, and its recording of gradients, are shared by all of them.
class SideBySideTest {
  @TempDir Path temp;

  private RunOf run(String name, String... overrides) {
    return new RunOf(temp.resolve(name), TrainingTest.YAML, overrides);
  }

  @Test
  void trainingsAndEncodersThatAreOpenedDoNotDisturbEachOther() throws Exception {
    String[] first = {"modalities.a.dropout=0.4", "epochs=6", "keyDropout=true"};
    String[] second = {"modalities.a.dropout=0.3", "epochs=6", "seed=5", "memory=low"};
    String expectedFirst = run("first-alone", first).train().weightsSha256();
    String expectedSecond = run("second-alone", second).train().weightsSha256();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<Integer> opening =
          threads.submit(
              () -> {
                int opened = 0;
                while (!done.get()) {
                  TrainedRun.open(temp.resolve("first-alone"), Toys.catalogue(), "cpu", note -> {})
                      .close();
                  opened++;
                }
                return opened;
              });
      List<Future<Outcome>> both =
          List.of(
              threads.submit(() -> run("first", first).train()),
              threads.submit(() -> run("second", second).train()));
      try {
        assertThat(both.get(0).get().weightsSha256()).isEqualTo(expectedFirst);
        assertThat(both.get(1).get().weightsSha256()).isEqualTo(expectedSecond);
      } finally {
        done.set(true);
      }
      assertThat(opening.get()).isPositive();
    }
  }

  @Test
  void aGradientCollectorOfSomebodyElseIsToldInASentence() {
    try (GradientCollector _ = Engine.getInstance().newGradientCollector()) {
      assertThatThrownBy(() -> run("collecting", "steps=1").train())
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("another GradientCollector of this program is open");
    }
    assertThat(run("collecting", "steps=2").resume().steps()).isEqualTo(2);
  }
}
