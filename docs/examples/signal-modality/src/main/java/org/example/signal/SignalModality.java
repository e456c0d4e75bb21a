package org.example.signal;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;

/// Series of numbers. A view is a stretch of the series, resampled to a fixed number of points.
record SignalModality(String name, SignalOptions options) implements Modality {
  @Override
  public Views draw(Cell cell, ViewRequest request) {
    float[] series = series(cell);
    SplittableRandom queries = new SplittableRandom(request.seed());
    SplittableRandom keys = queries.split();
    return new Views(
        Stream.generate(() -> jittered(series, queries)).limit(request.queries()).toList(),
        Stream.generate(() -> jittered(series, keys)).limit(request.keys()).toList());
  }

  @Override
  public List<View> plain(Cell cell) {
    float[] series = series(cell);
    return List.of(view(resampled(series, 0, series.length - 1)));
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropout) {
    Shape input = new Shape(1, 1, options.length());
    return Optional.of(
        new Backbone(new SignalEncoder(options.width()), options.width(), List.of(input)));
  }

  @Override
  public Feeding feeding() {
    return new Feeding(
        List.of("series"),
        Optional.empty(),
        Map.of(
            "input",
            "series: float32 [n, 1, %d], resampled linearly over the whole series"
                .formatted(options.length())));
  }

  private float[] series(Cell cell) {
    if (!(cell instanceof Cell.Numbers(float[] series, int[] shape)) || shape.length != 1) {
      throw new MmctException(
          "modality %s reads series of numbers but was given %s; its columns must be others"
              .formatted(name, cell.getClass().getSimpleName()));
    }
    if (series.length < 2) {
      throw new BrokenCellException("a series needs at least 2 numbers but has " + series.length);
    }
    return series;
  }

  /// A random stretch of the series, scaled and with noise.
  private View jittered(float[] series, SplittableRandom random) {
    double last = series.length - 1;
    double span = last * (options.crop() + (1 - options.crop()) * random.nextDouble());
    float[] points = resampled(series, (last - span) * random.nextDouble(), span);
    double factor = 1 + options.scale() * (2 * random.nextDouble() - 1);
    for (int i = 0; i < points.length; i++) {
      points[i] = (float) (factor * points[i] + options.noise() * random.nextGaussian());
    }
    return view(points);
  }

  /// The stretch from `start` to `start + span` as a fixed number of points, interpolated linearly.
  private float[] resampled(float[] series, double start, double span) {
    float[] points = new float[options.length()];
    for (int i = 0; i < points.length; i++) {
      double at = start + span * i / (points.length - 1);
      int left = Math.min((int) at, series.length - 2);
      double share = at - left;
      points[i] = (float) ((1 - share) * series[left] + share * series[left + 1]);
    }
    return points;
  }

  /// One channel: `[1, length]`.
  private View view(float[] points) {
    return View.of(points, 1, points.length);
  }
}
