package mmct.api.training.data;

import static mmct.api.training.data.Samples.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.BatchPlan;
import mmct.api.spi.PositivesRule;
import mmct.api.training.data.BatchSource.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSourceTest {
  private static final VectorModality MODALITY = new VectorModality();
  private static final BatchPlan PLAN =
      new BatchPlan(
          Map.of(
              "a", new BatchPlan.Draw(MODALITY, 1, 1),
              "b", new BatchPlan.Draw(MODALITY, 2, 0)),
          Map.of("same", new BatchPlan.Marks(new LengthRule(), MODALITY)));

  /// Marks are the length of the string of modality `b`.
  private static final class LengthRule implements PositivesRule {
    @Override
    public String of() {
      return "b";
    }

    @Override
    public int[] marks(View view) {
      return new int[] {
        (int) ((mmct.api.data.HostArray.Longs) view.arrays().getFirst()).values()[0]
      };
    }

    @Override
    public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
      throw new UnsupportedOperationException();
    }
  }

  private static Reading reading(int batch) {
    return new Reading("train", batch, 1, true, 7, 3, 2, 3);
  }

  private static Reading workers(Reading reading, int workers) {
    return new Reading(
        "train",
        reading.batch(),
        reading.accumulate(),
        reading.dropLast(),
        reading.seed(),
        reading.epochs(),
        workers,
        reading.ahead());
  }

  private static BatchSource open(Dataset dataset, Reading reading, long position) {
    return new BatchSource(
        dataset, PLAN, reading, position, new BrokenCells(dataset.size(), 1, cell -> {}));
  }

  private static List<List<Batch>> all(Dataset dataset, Reading reading, long position) {
    List<List<Batch>> batches = new ArrayList<>();
    try (BatchSource source = open(dataset, reading, position)) {
      source.forEachRemaining(batches::add);
    }
    return batches;
  }

  /// Everything in a batch, as text.
  private static String content(Batch batch) {
    StringBuilder text = new StringBuilder();
    text.append(batch.ids()).append(Arrays.toString(batch.instances()));
    new TreeMap<>(batch.modalities())
        .forEach(
            (name, views) -> {
              text.append('\n').append(name);
              views.queries().forEach(rows -> text.append(" q").append(content(rows)));
              views.keys().forEach(rows -> text.append(" k").append(content(rows)));
            });
    batch.marks().forEach((name, marks) -> marks.forEach(m -> text.append(Arrays.toString(m))));
    return text.toString();
  }

  private static String content(Batch.Rows rows) {
    StringBuilder text = new StringBuilder(Arrays.toString(rows.rows()));
    for (HostTensor tensor : rows.inputs()) {
      ByteBuffer bytes = tensor.data().duplicate();
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      text.append(tensor.shape()).append(Arrays.toString(copy));
    }
    return text.toString();
  }

  private static List<String> contents(List<List<Batch>> batches) {
    return batches.stream()
        .map(parts -> parts.stream().map(BatchSourceTest::content).toList().toString())
        .toList();
  }

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

  private static List<String> ids(Batch batch, Batch.Rows rows) {
    assertThat(rows.rows()).isSorted();
    return Arrays.stream(rows.rows()).mapToObj(batch.ids()::get).toList();
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
}
