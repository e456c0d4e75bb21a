package org.example.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.spi.Modality;
import mmct.api.spi.Modality.ViewRequest;
import org.junit.jupiter.api.Test;

class SignalModalityTest {
  /// 0, 1, 2 ... 9: a stretch of it tells where it begins and ends.
  private static final Cell LINE = cell(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

  private static Cell cell(float... numbers) {
    return new Cell.Numbers(numbers, numbers.length);
  }

  private static Modality modality(Map<String, ?> settings) {
    return new SignalModality("signal", Settings.of(settings).bind(SignalOptions.class));
  }

  private static float[] points(View view) {
    return ((HostArray.Floats) view.arrays().getFirst()).values();
  }

  /// The points of one training view for each of many seeds.
  private static List<float[]> drawn(Modality modality, Cell cell) {
    return IntStream.range(0, 2000)
        .mapToObj(seed -> modality.draw(cell, new ViewRequest(1, 0, seed)).queries().getFirst())
        .map(SignalModalityTest::points)
        .toList();
  }

  @Test
  void aPlainViewIsTheWholeSeriesResampled() {
    List<View> views = modality(Map.of("length", 19)).plain(LINE);

    assertThat(views).hasSize(1);
    assertThat(views.getFirst().arrays().getFirst().shape()).containsExactly(1, 19);
    for (int i = 0; i < 19; i++) {
      assertThat(points(views.getFirst())[i]).isCloseTo(i / 2f, within(1e-6f));
    }
  }

  @Test
  void aSeriesOfTwoNumbersIsEnough() {
    float[] points = points(modality(Map.of("length", 9)).plain(cell(-1, 1)).getFirst());

    assertThat(points).containsExactly(-1, -.75f, -.5f, -.25f, 0, .25f, .5f, .75f, 1);
  }

  @Test
  void withoutCropScaleAndNoiseATrainingViewIsThePlainOne() {
    Modality still = modality(Map.of("crop", 1, "scale", 0, "noise", 0));

    assertThat(drawn(still, LINE)).containsOnly(points(still.plain(LINE).getFirst()));
  }

  @Test
  void theSeedAloneDecides() {
    Modality modality = modality(Map.of());
    var request = new ViewRequest(2, 2, 7);

    assertThat(modality.draw(LINE, request))
        .usingRecursiveComparison()
        .isEqualTo(modality.draw(LINE, request));
    assertThat(modality.draw(LINE, new ViewRequest(2, 2, 8)))
        .usingRecursiveComparison()
        .isNotEqualTo(modality.draw(LINE, request));
  }

  @Test
  void viewsOfOneSampleDiffer() {
    Modality.Views views = modality(Map.of()).draw(LINE, new ViewRequest(2, 2, 7));

    assertThat(List.of(views.queries(), views.keys()).stream().flatMap(List::stream))
        .extracting(SignalModalityTest::points)
        .doesNotHaveDuplicates();
  }

  @Test
  void theKeysAreTheSameHoweverManyQueriesAreDrawn() {
    Modality modality = modality(Map.of());

    assertThat(points(modality.draw(LINE, new ViewRequest(3, 1, 5)).keys().getFirst()))
        .isEqualTo(points(modality.draw(LINE, new ViewRequest(0, 1, 5)).keys().getFirst()));
  }

  @Test
  void aCropIsAStretchWithinTheSeriesOfAtLeastItsShare() {
    double smallest = 9;
    double largest = 0;
    for (float[] points : drawn(modality(Map.of("crop", 0.3, "scale", 0, "noise", 0)), LINE)) {
      float first = points[0];
      float last = points[points.length - 1];
      assertThat(first).isBetween(0f, last);
      assertThat(last).isLessThanOrEqualTo(9 + 1e-5f);
      smallest = Math.min(smallest, last - first);
      largest = Math.max(largest, last - first);
    }
    assertThat(smallest).isBetween(0.3 * 9 - 1e-5, 0.35 * 9);
    assertThat(largest).isGreaterThan(0.95 * 9);
  }

  @Test
  void theFactorIsUniformWithinItsRange() {
    double[] factors =
        drawn(modality(Map.of("scale", 0.2, "noise", 0)), cell(1, 1)).stream()
            .mapToDouble(points -> points[0])
            .toArray();

    assertThat(DoubleStream.of(factors).min().orElseThrow()).isBetween(0.8 - 1e-6, 0.81);
    assertThat(DoubleStream.of(factors).max().orElseThrow()).isBetween(1.19, 1.2 + 1e-6);
    // A uniform variable's deviation is its range over √12; 2,000 draws tell it to 3 %.
    assertThat(deviation(factors)).isCloseTo(0.4 / Math.sqrt(12), within(0.004));
  }

  @Test
  void theNoiseHasItsDeviation() {
    double[] noise =
        drawn(modality(Map.of("noise", 0.5)), cell(0, 0)).stream()
            .mapToDouble(points -> points[3])
            .toArray();

    assertThat(deviation(noise)).isCloseTo(0.5, within(0.03));
  }

  private static double deviation(double[] values) {
    double mean = DoubleStream.of(values).average().orElseThrow();
    return Math.sqrt(
        DoubleStream.of(values).map(value -> Math.pow(value - mean, 2)).average().orElseThrow());
  }

  @Test
  void oneNumberIsNoSeries() {
    assertThatThrownBy(() -> modality(Map.of()).plain(cell(3)))
        .isInstanceOf(BrokenCellException.class)
        .hasMessage("a series needs at least 2 numbers but has 1");
  }

  @Test
  void otherCellsAreRefused() {
    assertThatThrownBy(() -> modality(Map.of()).plain(Cell.Strings.of("1;2;3")))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "modality signal reads series of numbers but was given Strings; its columns must be"
                + " others");
  }

  @Test
  void aSettingOutOfRangeIsToldWithWhereItWasWritten() {
    assertThatThrownBy(() -> Settings.assignment("crop=1.5").bind(SignalOptions.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("crop must be")
        .hasMessageContaining("1.5")
        .hasMessageContaining("--set crop=1.5");
  }
}
