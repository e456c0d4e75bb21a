package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// No objective depends on when Java frees what it no longer holds, nor on what steps before kept.
class EveryLossMemoryTest {
  static Stream<String> names() {
    return EveryLossTest.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aGarbageCollectionBeforeTheBackwardPassChangesNothing(String name) {
    Loss loss = Options.of(name);
    LossCase given = new LossCases(5, 4, 12).of(loss.needs(), 8);
    LossCase.Outcome undisturbed = given.evaluate(loss);
    LossCase.Outcome disturbed = given.evaluate(loss, EveryLossMemoryTest::overwriteFreedMemory);
    assertThat(disturbed).usingRecursiveComparison().isEqualTo(undisturbed);
  }

  /// A number that a loss changed in place would be another one in the next step.
  @ParameterizedTest
  @MethodSource("mmct.losses.EveryLossTest#losses")
  void numbersKeptFromStepToStepStayWhatTheyAre(String form) {
    Loss loss = Options.of(form);
    LossCase given = new LossCases(5, 4, 12).of(loss.needs(), 8);
    LossCase.Outcome alone = given.evaluate(loss);
    try (NDManager owner = NDManager.newBaseManager()) {
      Constant.Kept kept = new Constant.Kept(owner);
      LossCase.Outcome first = kept.use(() -> given.evaluate(loss));
      long made = kept.made();
      LossCase.Outcome second = kept.use(() -> given.evaluate(loss));
      assertThat(first).usingRecursiveComparison().isEqualTo(alone);
      assertThat(second).usingRecursiveComparison().isEqualTo(alone);
      assertThat(kept.made()).as("numbers made").isEqualTo(made).isPositive();
    }
  }

  /// Lets the collector free what Java no longer holds, and writes over the freed memory.
  private static void overwriteFreedMemory() {
    System.gc();
    System.gc();
    List<ByteBuffer> garbage = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 + i % 16);
      while (buffer.hasRemaining()) {
        buffer.put((byte) 0x7f);
      }
      garbage.add(buffer);
    }
    assertThat(garbage).isNotEmpty();
  }
}
