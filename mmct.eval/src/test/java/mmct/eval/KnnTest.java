package mmct.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What nearest neighbours report of features that are written down.
class KnnTest {

  @Test
  void theCatalogueFindsItByName() {
    assertThat(Catalogue.load().evaluator("knn")).isInstanceOf(KnnProvider.class);
  }

  @Test
  void nothingWrittenIsTheDefault() {
    assertThat(Settings.empty().bind(KnnOptions.class)).isEqualTo(KnnOptions.byDefault());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void figuresFollowTheirDefinition(int seed) {
    SplitTable table = SplitTable.gaussian(7, 60, 40, 8, 1.5, seed);
    Map<String, Double> figures = evaluate(table, Map.of("k", List.of(1, 3, 20, 60))).figures();
    for (int k : List.of(1, 3, 20, 60)) {
      assertThat(figures.get("k" + k + ".top1")).isCloseTo(byDefinition(table, k, 1), within(1e-9));
      assertThat(figures.get("k" + k + ".top5")).isCloseTo(byDefinition(table, k, 5), within(1e-9));
    }
  }

  /// The share of test samples whose class is among the first by votes, straight from the formula.
  private static double byDefinition(SplitTable table, int k, int first) {
    double right = 0;
    for (Sample item : table.samples("test")) {
      List<Sample> neighbours = new ArrayList<>(table.samples("train"));
      neighbours.sort(Comparator.comparingDouble(n -> -cosine(item, n)));
      Map<String, Double> votes = new TreeMap<>();
      table.samples("train").forEach(n -> votes.put(n.label().orElseThrow(), 0.0));
      neighbours
          .subList(0, k)
          .forEach(
              n ->
                  votes.merge(
                      n.label().orElseThrow(), Math.exp(cosine(item, n) / 0.1), Double::sum));
      double own = votes.getOrDefault(item.label().orElseThrow(), 0.0);
      long before = votes.values().stream().filter(vote -> vote >= own).count() - 1;
      right += before < first ? 1 : 0;
    }
    return 100 * right / table.samples("test").size();
  }

  private static double cosine(Sample a, Sample b) {
    float[] x = ((Cell.Numbers) a.cell("image").orElseThrow()).values();
    float[] y = ((Cell.Numbers) b.cell("image").orElseThrow()).values();
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  }

  private static double dot(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
  }

  @Test
  void separatedClassesAreAllFound() {
    SplitTable table = SplitTable.gaussian(3, 300, 150, 8, 20, 1);
    assertThat(evaluate(table, Map.of()).figures())
        .containsEntry("k20.top1", 100.0)
        .containsEntry("k20.perClass", 100.0)
        .containsEntry("k200.top1", 100.0)
        .doesNotContainKey("k20.top5");
  }

  @Test
  void featuresThatSayNothingGiveChance() {
    SplitTable table = SplitTable.gaussian(10, 1000, 2000, 16, 0, 2);
    Evaluation evaluation = evaluate(table, Map.of());
    assertThat(evaluation.figures().get("k200.top1")).isCloseTo(10, within(2.5));
    assertThat(evaluation.figures().get("k200.top5")).isCloseTo(50, within(4.0));
    assertThat(evaluation.protocol().get("chance"))
        .isEqualTo(
            Map.of(
                "k20.top1",
                10.0,
                "k20.top5",
                50.0,
                "k20.perClass",
                10.0,
                "k200.top1",
                10.0,
                "k200.top5",
                50.0,
                "k200.perClass",
                10.0));
  }

  @Test
  void theOrderOfTheNeighboursDoesNotMatterEvenWhereTheyTie() {
    Random random = new Random(3);
    SplitTable table = new SplitTable();
    for (int i = 0; i < 200; i++) {
      // A few directions only, so that most neighbours are as near as many others.
      double[] feature = {random.nextInt(3) - 1, random.nextInt(3) - 1, 1};
      table.add(i < 120 ? "train" : "test", "s" + i, "class-" + random.nextInt(6), feature);
    }
    Map<String, Double> before = evaluate(table, Map.of("k", List.of(2, 5, 20))).figures();
    Collections.shuffle(table.samples("train"), random);
    assertThat(evaluate(table, Map.of("k", List.of(2, 5, 20))).figures()).isEqualTo(before);
  }

  @Test
  void onlyDirectionsMatter() {
    SplitTable table = SplitTable.gaussian(4, 80, 40, 6, 1, 4);
    SplitTable scaled = new SplitTable();
    for (String split : List.of("train", "test")) {
      int i = 0;
      for (Sample sample : table.samples(split)) {
        float[] values = ((Cell.Numbers) sample.cell("image").orElseThrow()).values();
        double factor = Math.pow(2, i++ % 7);
        double[] feature = IntStream.range(0, 6).mapToDouble(j -> factor * values[j]).toArray();
        scaled.add(split, sample.id(), sample.label(), feature);
      }
    }
    assertThat(evaluate(scaled, Map.of()).figures()).isEqualTo(evaluate(table, Map.of()).figures());
  }

  @Test
  void moreNeighboursThanThereAreAreClippedAndTold() {
    SplitTable table = SplitTable.gaussian(3, 50, 30, 4, 1, 5);
    Evaluation evaluation = evaluate(table, Map.of());
    assertThat(table.notes)
        .containsExactly("knn with k = 200: split 'train' has only 50 items, so all of them vote");
    assertThat(evaluation.protocol())
        .containsEntry("k", List.of(20, 200))
        .containsEntry("voting", List.of(20, 50));
    assertThat(evaluation.figures().get("k200.top1"))
        .isEqualTo(evaluate(table, Map.of("k", List.of(50))).figures().get("k50.top1"));
  }

  @Test
  void featuresOfNothingButZerosVoteForNoClass() {
    SplitTable table = new SplitTable();
    for (int i = 0; i < 8; i++) {
      table
          .add("train", "a" + i, "class-" + i % 4, 0, 0)
          .add("test", "b" + i, "class-" + i % 4, 0, 0);
    }
    assertThat(evaluate(table, Map.of("k", List.of(2))).figures()).containsEntry("k2.top1", 0.0);
  }

  @Test
  void kOutOfRangeIsRefusedByKey() {
    assertThatThrownBy(() -> Settings.of(Map.of("k", List.of(0))).bind(KnnOptions.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("k must be at least 1 but was 0");
    assertThatThrownBy(() -> Settings.of(Map.of("k", List.of())).bind(KnnOptions.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("k must name at least one number of neighbours");
  }

  private static Evaluation evaluate(SplitTable table, Map<String, Object> settings) {
    return new KnnProvider()
        .create(Settings.of(settings).bind(KnnOptions.class))
        .evaluate(table)
        .orElseThrow(() -> new AssertionError(table.notes));
  }
}
