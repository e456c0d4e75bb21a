package mmct.api.training.data;

import static mmct.api.training.data.Batches.all;
import static mmct.api.training.data.Batches.contents;
import static mmct.api.training.data.Batches.ids;
import static mmct.api.training.data.Batches.open;
import static mmct.api.training.data.Batches.reading;
import static mmct.api.training.data.Batches.workers;
import static mmct.api.training.data.Samples.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.data.HostTensor;
import mmct.api.graph.Batch;
import mmct.api.training.data.BatchSource.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSourceTest {
  /// A dataset with gaps: every fifth sample lacks `a`, every seventh `b`, every eleventh is
  // broken.
  private static Dataset gaps(int count) {
    return Samples.of(
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    sample(
                        "s" + i % (count - 3),
                        i % 5 == 0 ? "-" : "a",
                        i % 11 == 0 ? "broken" : i % 3 == 0 ? "few" : "x".repeat(i),
                        i % 7 == 0 ? "-" : "b",
                        "y".repeat(i)))
            .toArray(mmct.api.data.Sample[]::new));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 16})
  void sameSeedGivesTheSameBatchesOnAnyNumberOfThreads(int workers) {
    Dataset dataset = gaps(100);
    Reading reading = new Reading("train", 24, 2, false, 11, 3, 1, 5);
    assertThat(contents(all(dataset, workers(reading, workers), 0)))
        .isEqualTo(contents(all(dataset, reading, 0)));
  }

  @Test
  void aRunResumedAnywhereGoesOnWithTheSameBatches() {
    Dataset dataset = gaps(50);
    Reading reading = new Reading("train", 8, 1, false, 11, 3, 3, 4);
    List<String> whole = contents(all(dataset, reading, 0));
    assertThat(whole).hasSize(21);
    for (int position = 0; position <= whole.size(); position++) {
      assertThat(contents(all(dataset, reading, position)))
          .isEqualTo(whole.subList(position, whole.size()));
    }
  }

  @Test
  void everyEpochVisitsEverySampleOnceInAnOrderOfItsOwn() {
    List<List<Batch>> batches = all(Samples.plain(20), reading(5), 0);
    assertThat(batches).hasSize(12);
    Set<List<String>> orders = new HashSet<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      List<String> ids =
          batches.subList(epoch * 4, epoch * 4 + 4).stream()
              .flatMap(parts -> parts.getFirst().ids().stream())
              .toList();
      assertThat(ids).doesNotHaveDuplicates().hasSize(20);
      orders.add(ids);
    }
    assertThat(orders).hasSize(3);
  }

  @Test
  void anotherSeedGivesAnotherOrderAndOtherViews() {
    Dataset dataset = Samples.plain(20);
    Reading other = new Reading("train", 5, 1, true, 8, 3, 2, 3);
    assertThat(contents(all(dataset, other, 0)))
        .isNotEqualTo(contents(all(dataset, reading(5), 0)));
  }

  @Test
  void aViewsRandomnessDiffersBetweenEpochsSamplesAndModalities() {
    Dataset dataset = Samples.plain(20);
    Set<Float> drawn = new HashSet<>();
    for (List<Batch> parts : all(dataset, reading(5), 0)) {
      for (String name : List.of("a", "b")) {
        HostTensor views =
            parts.getFirst().modalities().get(name).queries().getFirst().inputs().getFirst();
        for (int row = 0; row < 5; row++) {
          drawn.add(views.data().asFloatBuffer().get(2 * row + 1));
        }
      }
    }
    assertThat(drawn).as("3 epochs of 20 samples of 2 modalities").hasSize(3 * 20 * 2);
  }

  @Test
  void theLastSmallerBatchIsLeftOutOrKept() {
    Reading kept = new Reading("train", 8, 1, false, 7, 2, 2, 3);
    try (BatchSource source = open(Samples.plain(20), kept, 0)) {
      assertThat(source.stepsPerEpoch()).isEqualTo(3);
      assertThat(source.totalSteps()).isEqualTo(6);
      List<Integer> sizes = new ArrayList<>();
      source.forEachRemaining(parts -> sizes.add(parts.getFirst().size()));
      assertThat(sizes).containsExactly(8, 8, 4, 8, 8, 4);
    }
    assertThat(all(Samples.plain(20), reading(8), 0)).hasSize(6);
  }

  @Test
  void thePartsOfABatchAreItsRowsInTheirOrder() {
    Dataset dataset = gaps(40);
    Reading parted = new Reading("train", 8, 3, false, 7, 1, 2, 3);
    List<List<Batch>> whole = all(dataset, new Reading("train", 8, 1, false, 7, 1, 2, 3), 0);
    List<List<Batch>> parts = all(dataset, parted, 0);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(parts.get(i).stream().map(Batch::size)).containsExactly(2, 3, 3);
      assertThat(parts.get(i).stream().flatMap(part -> part.ids().stream()))
          .containsExactlyElementsOf(whole.get(i).getFirst().ids());
      assertThat(parts.get(i).stream().flatMapToLong(part -> Arrays.stream(part.instances())))
          .containsExactlyElementsOf(
              Arrays.stream(whole.get(i).getFirst().instances()).boxed().toList());
    }
  }

  @Test
  void aBatchOfFewerRowsThanPartsHasAPartPerRow() {
    Reading reading = new Reading("train", 4, 4, false, 7, 1, 2, 3);
    List<List<Batch>> batches = all(Samples.plain(6), reading, 0);
    assertThat(batches.getLast()).hasSize(2).allMatch(part -> part.size() == 1);
  }

  @Test
  void onlyRowsThatHaveAModalityAreCollated() {
    Dataset dataset =
        Samples.of(
            sample("both", "a", "1", "b", "22"),
            sample("onlyA", "a", "333"),
            sample("few", "b", "few"),
            sample("none"));
    Batch batch = all(dataset, reading(4), 0).getFirst().getFirst();
    assertThat(batch.size()).isEqualTo(4);

    Batch.Views a = batch.modalities().get("a");
    assertThat(ids(batch, a.queries().getFirst())).containsExactlyInAnyOrder("both", "onlyA");
    assertThat(ids(batch, a.keys().getFirst())).containsExactlyInAnyOrder("both", "onlyA");
    assertThat(a.queries().getFirst().inputs().getFirst().shape().getShape()).containsExactly(2, 2);

    Batch.Views b = batch.modalities().get("b");
    assertThat(b.keys()).isEmpty();
    assertThat(ids(batch, b.queries().get(0))).containsExactlyInAnyOrder("both", "few");
    assertThat(ids(batch, b.queries().get(1))).as("the second view").containsExactly("both");
    for (int row = 0; row < 4; row++) {
      int[] marks = batch.marks().get("same").get(row);
      switch (batch.ids().get(row)) {
        case "both" -> assertThat(marks).containsExactly(2);
        case "few" -> assertThat(marks).containsExactly(3);
        default -> assertThat(marks).isNull();
      }
    }
  }

  @Test
  void aModalityThatNoRowHasIsAnAbsentKey() {
    Dataset dataset = Samples.of(sample("1", "b", "x"), sample("2", "b", "few"));
    Batch batch = all(dataset, reading(2), 0).getFirst().getFirst();
    assertThat(batch.modalities()).containsOnlyKeys("b");
  }

  @Test
  void aViewThatNoRowHasIsAnEntryWithoutRows() {
    Dataset dataset = Samples.of(sample("1", "b", "few"), sample("2", "b", "few"));
    Batch.Views views = all(dataset, reading(2), 0).getFirst().getFirst().modalities().get("b");
    assertThat(views.queries()).hasSize(2);
    assertThat(views.queries().get(1).rows()).isEmpty();
    assertThat(views.queries().get(1).inputs()).isEmpty();
  }

  @Test
  void samplesOfOneIdAreOneInstance() {
    Dataset dataset = Samples.of(sample("x"), sample("y"), sample("x"), sample("z"), sample("y"));
    Batch batch = all(dataset, reading(5), 0).getFirst().getFirst();
    Map<String, Long> expected = Map.of("x", 0L, "y", 1L, "z", 3L);
    for (int row = 0; row < 5; row++) {
      assertThat(batch.instances()[row]).isEqualTo(expected.get(batch.ids().get(row)));
    }
  }

  @Test
  void aSplitThatGivesNoBatchIsRefused() {
    assertThatThrownBy(() -> open(Samples.of(), reading(4), 0))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("split 'train' is empty");
    assertThatThrownBy(() -> open(Samples.plain(40), reading(256), 0))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("at most 40")
        .hasMessageContaining("'train'")
        .hasMessageContaining("256");
    Reading kept = new Reading("train", 256, 1, false, 7, 1, 2, 3);
    assertThat(all(Samples.plain(40), kept, 0)).hasSize(1);
  }

  @Test
  void recycledMemoryIsUsedAgainAndChangesNothing() {
    Dataset dataset = gaps(60);
    Reading reading = new Reading("train", 12, 2, false, 7, 20, 3, 2);
    List<String> expected = contents(all(dataset, reading, 0));
    List<String> recycled = new ArrayList<>();
    Set<Long> addresses = new HashSet<>();
    try (BatchSource source = open(dataset, reading, 0)) {
      while (source.hasNext()) {
        List<Batch> parts = source.next();
        recycled.addAll(contents(List.of(parts)));
        parts.forEach(part -> addresses.addAll(addresses(part)));
        source.recycle();
        source.recycle();
      }
    }
    assertThat(recycled).hasSize(100).isEqualTo(expected);
    assertThat(addresses.size()).as("100 batches of 2 parts with 4 tensors").isBetween(8, 80);
  }

  private static Set<Long> addresses(Batch part) {
    Set<Long> addresses = new HashSet<>();
    for (Batch.Views views : part.modalities().values()) {
      for (List<Batch.Rows> side : List.of(views.queries(), views.keys())) {
        side.stream()
            .flatMap(rows -> rows.inputs().stream())
            .forEach(tensor -> addresses.add(MemorySegment.ofBuffer(tensor.data()).address()));
      }
    }
    return addresses;
  }
}
