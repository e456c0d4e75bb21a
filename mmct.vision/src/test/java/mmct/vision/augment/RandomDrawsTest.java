package mmct.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.vision.AugmentOptions;
import mmct.vision.ImageOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is drawn for views follows the distributions of torchvision's transforms.
class RandomDrawsTest {
  private static final int DRAWS = 20_000;

  @Test
  void areaIsUniformAndTheRatioUniformInItsLogarithm() {
    // Half the area at a ratio of 4/3 still fits, so that no try fails and nothing is skewed.
    RandomResizedCrop crop = new RandomResizedCrop(0.2, 0.5, 3 / 4.0, 4 / 3.0);
    List<Region> regions = regions(crop, 1000, 1000);

    assertUniform(regions, it -> it.width() * it.height() / 1e6, 0.2, 0.5);
    assertUniform(
        regions,
        it -> Math.log((double) it.width() / it.height()),
        Math.log(3 / 4.0),
        Math.log(4 / 3.0));
  }

  @Test
  void placesAreUniform() {
    RandomResizedCrop crop = new RandomResizedCrop(0.25, 0.25, 1, 1);
    List<Region> regions = regions(crop, 200, 400);

    assertUniform(regions, it -> it.x(), -0.5, 200 - 141 + 0.5);
    assertUniform(regions, it -> it.y(), -0.5, 400 - 141 + 0.5);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 500", "500, 1", "7, 3", "640, 480", "65500, 2"})
  void regionsLieWithinThePicture(int width, int height) {
    RandomResizedCrop crop = RandomResizedCrop.of(options(Map.of()).augment().crop());

    for (Region region : regions(crop, width, height)) {
      assertThat(region.x()).isBetween(0, width - region.width());
      assertThat(region.y()).isBetween(0, height - region.height());
      assertThat(Math.min(region.width(), region.height())).isPositive();
    }
  }

  @Test
  void whereNoTryFitsTheLargestCentredPartOfAnAllowedRatioIsTaken() {
    RandomResizedCrop crop = new RandomResizedCrop(1, 1, 3 / 4.0, 4 / 3.0);

    assertThat(regions(crop, 1000, 90)).containsOnly(new Region(440, 0, 120, 90));
    assertThat(regions(crop, 90, 1000)).containsOnly(new Region(0, 440, 90, 120));
  }

  @Test
  void partsHappenAsOftenAsTheirProbabilitiesSay() {
    MocoAugmentation augmentation = new MocoAugmentation(options(Map.of()));
    SplittableRandom random = new SplittableRandom(4);
    List<MocoAugmentation.Draw> draws =
        IntStream.range(0, DRAWS).mapToObj(i -> augmentation.draw(300, 200, random)).toList();

    assertShare(draws.stream().filter(it -> !it.adjustments().isEmpty()).count(), 0.8);
    assertShare(draws.stream().filter(MocoAugmentation.Draw::grey).count(), 0.2);
    assertShare(draws.stream().filter(it -> it.sigma() > 0).count(), 0.5);
    assertShare(draws.stream().filter(MocoAugmentation.Draw::mirrored).count(), 0.5);
    List<MocoAugmentation.Draw> blurred = draws.stream().filter(it -> it.sigma() > 0).toList();
    assertUniform(blurred, MocoAugmentation.Draw::sigma, 0.1, 2);
  }

  @Test
  void adjustmentsComeInAllOrdersAlike() {
    AugmentOptions.Jitter always = new AugmentOptions.Jitter(1, 0.4, 0.4, 0.4, 0.1);
    SplittableRandom random = new SplittableRandom(5);
    Map<String, Integer> orders = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      String order =
          Adjustment.draw(always, random).stream()
              .map(it -> it.getClass().getSimpleName())
              .collect(Collectors.joining(" "));
      orders.merge(order, 1, Integer::sum);
    }

    assertThat(orders).hasSize(24);
    // Five standard deviations of a binomial count.
    double expected = DRAWS / 24.0;
    assertThat(orders.values())
        .allSatisfy(
            count ->
                assertThat((double) count).isCloseTo(expected, within(5 * Math.sqrt(expected))));
  }

  @Test
  void amountsAreUniform() {
    AugmentOptions.Jitter always = new AugmentOptions.Jitter(1, 0.4, 1.5, 0, 0.1);
    SplittableRandom random = new SplittableRandom(6);
    List<Adjustment> drawn =
        IntStream.range(0, DRAWS)
            .boxed()
            .flatMap(i -> Adjustment.draw(always, random).stream())
            .toList();

    assertUniform(ofType(drawn, Adjustment.Brightness.class), it -> it.factor(), 0.6, 1.4);
    assertUniform(ofType(drawn, Adjustment.Contrast.class), it -> it.factor(), 0, 2.5);
    assertUniform(ofType(drawn, Adjustment.Hue.class), it -> it.turn(), -0.1, 0.1);
    assertThat(ofType(drawn, Adjustment.Saturation.class)).isEmpty();
  }

  private static <T> List<T> ofType(List<Adjustment> drawn, Class<T> type) {
    return drawn.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<Region> regions(RandomResizedCrop crop, int width, int height) {
    SplittableRandom random = new SplittableRandom(3);
    return IntStream.range(0, DRAWS).mapToObj(i -> crop.draw(width, height, random)).toList();
  }

  private static ImageOptions options(Map<String, Object> settings) {
    return Settings.of(settings).bind(ImageOptions.class);
  }

  private static void assertShare(long count, double probability) {
    double deviation = Math.sqrt(probability * (1 - probability) / DRAWS);
    assertThat((double) count / DRAWS).isCloseTo(probability, within(5 * deviation));
  }

  /// Kolmogorov and Smirnov's test at a level of one in a million.
  private static <T> void assertUniform(
      List<T> drawn, ToDoubleFunction<T> value, double least, double most) {
    double[] sorted = drawn.stream().mapToDouble(value).sorted().toArray();
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double expected = (sorted[i] - least) / (most - least);
      largest = Math.max(largest, Math.abs(expected - (i + 0.5) / sorted.length));
    }
    assertThat(sorted[0]).isGreaterThanOrEqualTo(least - 0.01 * (most - least));
    assertThat(sorted[sorted.length - 1]).isLessThanOrEqualTo(most + 0.01 * (most - least));
    assertThat(largest).isLessThan(2.7 / Math.sqrt(sorted.length) + 0.005);
  }
}
