package mmct.api.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import mmct.api.data.Dataset;
import mmct.api.training.data.BatchSource.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a run stands in its data, when it goes on with batches of another size.
class CursorTest {
  private static final int EPOCHS = 3;

  private static Reading reading(int batch, boolean dropLast) {
    return new Reading("train", batch, 1, dropLast, 7, EPOCHS, 2, 3);
  }

  private static BatchSource open(Dataset dataset, Reading reading, Cursor first) {
    return new BatchSource(
        dataset,
        Batches.PLAN,
        reading,
        first,
        new BrokenCells(dataset.size(), 1, cell -> {}),
        ai.djl.Device.cpu());
  }

  private static List<String> take(BatchSource source, long steps) {
    List<String> ids = new ArrayList<>();
    for (long i = 0; i < steps && source.hasNext(); i++) {
      source.next().forEach(part -> ids.addAll(part.ids()));
    }
    return ids;
  }

  @ParameterizedTest(name = "{0} samples, {1} steps of {2}, then {3}, without the last: {4}")
  @CsvSource({
    "40, 12, 8, 20, true", "40, 12, 8, 20, false", "40, 12, 8, 7, true", "37, 7, 8, 5, false",
    "37, 7, 8, 30, true", "37, 7, 8, 30, false", "23, 11, 3, 23, true", "23, 0, 3, 4, true",
    "23, 21, 3, 4, true", "17, 3, 8, 4, false", "64, 9, 16, 1, false"
  })
  void theRestOfTheEpochIsReadInItsOrderAndEveryLaterEpochWhole(
      int size, int steps, int first, int then, boolean dropLast) {
    Dataset dataset = Samples.plain(size);
    Reading before = reading(first, dropLast);
    Reading after = reading(then, dropLast);
    Cursor stopped;
    List<String> read = new ArrayList<>();
    try (BatchSource source = open(dataset, before, Cursor.START)) {
      read.addAll(take(source, steps));
      stopped = source.cursor();
    }
    long left;
    try (BatchSource source = open(dataset, after, stopped)) {
      left = source.totalSteps() - source.position();
      List<String> rest = take(source, Long.MAX_VALUE);
      assertThat(source.epochs()).isEqualTo(EPOCHS);
      assertThat(source.position()).isEqualTo(stopped.steps() + left);
      read.addAll(rest);
    }
    // What is read is each epoch's permutation in its order, but for the rest that gives no batch.
    int at = 0;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      int[] order = Seeds.permutation(size, Seeds.hash(7, epoch));
      int taken = 0;
      while (taken < size && at < read.size() && read.get(at).equals(dataset.id(order[taken]))) {
        taken++;
        at++;
      }
      assertThat(size - taken)
          .as("left out of epoch %d", epoch)
          .isLessThan(dropLast ? Math.max(first, then) : 1);
    }
    assertThat(at).as("nothing is read that is not next").isEqualTo(read.size());
  }

  /// 40 samples, 4 epochs: 12 steps of 8 are 2.4 epochs, and 1.6 are left.
  @Test
  void stepsOfEightGoOnWithTwenty() {
    Reading twenty = new Reading("train", 20, 1, true, 7, 4, 2, 3);
    Cursor stopped = Cursor.after(12, new Reading("train", 8, 1, true, 7, 4, 2, 3), 40);
    assertThat(stopped).isEqualTo(new Cursor(12, 2, 16));
    assertThat(stopped.epochs(twenty, 40)).isEqualTo(2.4);
    assertThat(stopped.left(twenty, 40)).isEqualTo(3);
    assertThat(stopped.left(twenty.fewest(1), 40)).isEqualTo(3);
    Reading all = new Reading("train", 20, 1, false, 7, 4, 2, 3);
    assertThat(stopped.left(all, 40)).as("20, 4, 20, 20").isEqualTo(4);
  }

  /// Losses and schedules see these numbers; they must not move in the last place.
  @Test
  void aRunThatAlwaysReadsAlikeIsWhereItsStepsSay() {
    for (boolean dropLast : List.of(true, false)) {
      Reading reading = reading(7, dropLast);
      Cursor cursor = Cursor.START;
      long perEpoch = reading.stepsPerEpoch(37);
      for (long step = 0; step <= EPOCHS * perEpoch; step++) {
        assertThat(cursor).isEqualTo(Cursor.after(step, reading, 37));
        assertThat(cursor.place(reading, 37)).isEqualTo((double) step);
        assertThat(cursor.epochs(reading, 37)).isEqualTo((double) step / (double) perEpoch);
        assertThat(cursor.left(reading, 37)).isEqualTo(EPOCHS * perEpoch - step);
        cursor = cursor.next(reading, 37);
      }
    }
  }

  @Test
  void aRestThatBatchNormalisationCannotUseIsNoBatch() {
    Reading reading = new Reading("train", 16, 4, false, 7, 2, 2, 3, 2);
    assertThat(reading.stepsPerEpoch(17)).isEqualTo(1);
    assertThat(reading.leftOut(17)).isEqualTo(1);
    assertThat(reading.stepsPerEpoch(18)).isEqualTo(2);
    assertThat(reading.leftOut(18)).isZero();
    assertThat(reading.parts(5)).as("two parts of at least two rows").isEqualTo(2);
    assertThat(reading.parts(16)).isEqualTo(4);
    Dataset dataset = Samples.plain(17);
    try (BatchSource begun =
        BatchSource.begin(
            dataset,
            Batches.PLAN,
            new Reading("train", 16, 1, false, 7, 2, 2, 3),
            Cursor.START,
            ai.djl.Device.cpu())) {
      BrokenCells broken = new BrokenCells(17, 1, cell -> {});
      try (BatchSource known = begun.from(Cursor.START, 2, broken)) {
        assertThat(take(known, Long.MAX_VALUE)).hasSize(32);
        assertThat(known.epochs()).isCloseTo(2, within(0.0));
      }
    }
  }
}
