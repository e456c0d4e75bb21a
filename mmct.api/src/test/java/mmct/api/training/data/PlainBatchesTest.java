package mmct.api.training.data;

import static mmct.api.training.data.Samples.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainBatchesTest {
  private final List<BrokenCell> told = new ArrayList<>();

  private PlainBatches open(Dataset dataset, int batch, int workers) {
    return new PlainBatches(dataset, "a", new VectorModality(), batch, workers, 3, told::add);
  }

  /// Pairs of the sample's index and the item's value, over all batches.
  private List<String> items(Dataset dataset, int batch, int workers) {
    List<String> items = new ArrayList<>();
    try (PlainBatches batches = open(dataset, batch, workers)) {
      while (batches.hasNext()) {
        PlainBatches.Items some = batches.next();
        assertThat(some.samples()).hasSizeBetween(1, batch).isSorted();
        assertThat(some.inputs().getFirst().shape().getShape())
            .containsExactly(some.samples().length, 1);
        for (int i = 0; i < some.samples().length; i++) {
          long value = some.inputs().getFirst().data().asLongBuffer().get(i);
          items.add(some.samples()[i] + ":" + value);
        }
      }
    }
    return items;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void itemsComeInTheOrderOfTheirSamples(int workers) {
    Dataset dataset =
        Samples.of(
            new Sample("0", Map.of("a", Cell.Strings.of("x", "xx", "xxx"))),
            sample("1", "b", "lacks a"),
            sample("2", "a", "xxxx"),
            new Sample("3", Map.of("a", Cell.Strings.of("x", "xx"))));
    for (int batch = 1; batch <= 5; batch++) {
      assertThat(items(dataset, batch, workers))
          .containsExactly("0:1", "0:2", "0:3", "2:4", "3:1", "3:2");
    }
  }

  @Test
  void samplesOfOneItemFillTheirBatches() {
    try (PlainBatches batches = open(Samples.plain(10), 4, 2)) {
      List<Integer> sizes = new ArrayList<>();
      batches.forEachRemaining(some -> sizes.add(some.samples().length));
      assertThat(sizes).containsExactly(4, 4, 2);
    }
  }

  @Test
  void brokenCellsAreLeftOutAndTold() {
    Dataset dataset =
        Samples.with(
            Samples.plain(6),
            Map.of(1, sample("s1", "a", "broken"), 4, sample("s4", "a", "broken")));
    assertThat(items(dataset, 2, 3)).containsExactly("0:0", "2:2", "3:3", "5:5");
    assertThat(told.stream().map(BrokenCell::sample)).containsExactly("s1", "s4");
  }

  @Test
  void aSplitWithoutTheModalityHasNoItems() {
    Sample[] without =
        IntStream.range(0, 9).mapToObj(i -> sample("s" + i, "b", "x")).toArray(Sample[]::new);
    assertThat(items(Samples.of(without), 2, 2)).isEmpty();
    assertThat(items(Samples.of(), 2, 2)).isEmpty();
  }

  @Test
  void aFailureNamesTheSample() {
    Dataset dataset = Samples.with(Samples.plain(6), Map.of(4, sample("s4", "a", "crash")));
    try (PlainBatches batches = open(dataset, 2, 2)) {
      assertThatThrownBy(() -> batches.forEachRemaining(some -> Arrays.hashCode(some.samples())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'s4'");
    }
  }
}
