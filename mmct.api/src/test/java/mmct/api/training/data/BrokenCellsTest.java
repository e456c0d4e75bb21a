package mmct.api.training.data;

import static mmct.api.training.data.Batches.PLAN;
import static mmct.api.training.data.Batches.ids;
import static mmct.api.training.data.Batches.open;
import static mmct.api.training.data.Batches.reading;
import static mmct.api.training.data.Batches.workers;
import static mmct.api.training.data.Samples.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.graph.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to samples that cannot be read.
class BrokenCellsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void aBrokenCellIsToldOnceAndItsSampleGoesOnWithoutIt(int workers) {
    Dataset dataset =
        Samples.with(
            Samples.plain(12),
            Map.of(3, sample("s3", "a", "broken", "b", "y"), 8, sample("s8", "b", "broken")));
    List<BrokenCell> told = new ArrayList<>();
    BrokenCells broken = new BrokenCells(12, 1, told::add);
    Map<Object, Integer> rows = new HashMap<>();
    try (BatchSource source =
        new BatchSource(dataset, PLAN, workers(reading(4), workers), 0, broken)) {
      while (source.hasNext()) {
        Batch batch = source.next().getFirst();
        batch
            .modalities()
            .forEach((name, views) -> count(rows, batch, name, views.queries().getFirst()));
      }
    }
    assertThat(told)
        .containsExactlyInAnyOrder(
            new BrokenCell("s3", "a", "a.bin ends too early"),
            new BrokenCell("s8", "b", "a.bin ends too early"));
    assertThat(broken.brokenSamples()).isEqualTo(2);
    assertThat(rows).containsEntry("s3 b", 3).containsEntry("s4 a", 3).doesNotContainKey("s3 a");
  }

  private static void count(Map<Object, Integer> rows, Batch batch, String name, Batch.Rows view) {
    ids(batch, view).forEach(id -> rows.merge(id + " " + name, 1, Integer::sum));
  }

  @Test
  void moreBrokenSamplesThanAllowedStopTheRun() {
    Dataset dataset =
        Samples.with(
            Samples.plain(100),
            Map.of(
                3, sample("s3", "a", "broken", "b", "broken"),
                50, sample("s50", "a", "broken"),
                70, sample("s70", "a", "broken")));
    List<BrokenCell> told = new ArrayList<>();
    BrokenCells broken = new BrokenCells(100, 0.02, told::add);
    try (BatchSource source = new BatchSource(dataset, PLAN, reading(10), 0, broken)) {
      assertThatThrownBy(() -> source.forEachRemaining(parts -> {}))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("3 of 100 samples are broken")
          .hasMessageContaining("0.02")
          .hasMessageContaining("data.maxBroken")
          .hasMessageContaining("a.bin ends too early");
    }
    assertThat(told).as("two cells of s3 and one of each other sample").hasSize(4);
  }

  @Test
  void whatWasBrokenSurvivesACheckpoint() {
    List<BrokenCell> told = new ArrayList<>();
    BrokenCells before = new BrokenCells(100, 0.02, cell -> {});
    before.add(
        List.of(new BrokenCell("one\t\"two\"\n", "a", "r1"), new BrokenCell("three", "a", "r2")));
    BrokenCells after = new BrokenCells(100, 0.02, told::add);
    after.restore(before.export());
    assertThat(after.export()).isEqualTo(before.export());
    after.add(List.of(new BrokenCell("three", "a", "again")));
    assertThat(told).isEmpty();
    after.add(List.of(new BrokenCell("three", "b", "another cell of a sample that is counted")));
    assertThat(told).hasSize(1);
    assertThatThrownBy(() -> after.add(List.of(new BrokenCell("four", "a", "r3"))))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("r1")
        .hasMessageContaining("3 of 100");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anyOtherFailureNamesTheFirstSampleThatFailed(int workers) {
    Dataset dataset =
        Samples.with(
            Samples.plain(40),
            Map.of(3, sample("s3", "a", "crash"), 30, sample("s30", "b", "crash")));
    int[] order = Seeds.permutation(40, Seeds.hash(7, 0));
    String first =
        IntStream.of(order)
            .filter(i -> i == 3 || i == 30)
            .mapToObj(i -> "'s" + i + "'")
            .findFirst()
            .get();
    try (BatchSource source = open(dataset, workers(reading(40), workers), 0)) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(source::take)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining(first)
            .hasRootCauseInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }
}
