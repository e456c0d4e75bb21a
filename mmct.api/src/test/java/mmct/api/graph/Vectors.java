package mmct.api.graph;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;

/// A modality for tests: cells are vectors of numbers, the backbone is one linear layer.
///
/// @param length of a cell
/// @param width of the backbone's features; 0 where it is not encoded
/// @param batchNorm whether batch normalisation follows the linear layer
/// @param dropout the rate of a dropout layer at the end; 0 is none
/// @param noise the size of what is added to a cell to give a view
/// @param mostViews how many views of a cell there are at most, of each side
public record Vectors(
    int length, int width, boolean batchNorm, double dropout, double noise, int mostViews)
    implements Modality {

  /// A linear layer and nothing else.
  public Vectors(int length, int width) {
    this(length, width, false, 0, 0, Integer.MAX_VALUE);
  }

  /// With batch normalisation.
  public Vectors batchNormalised() {
    return new Vectors(length, width, true, dropout, noise, mostViews);
  }

  /// With dropout.
  public Vectors dropout(double rate) {
    return new Vectors(length, width, batchNorm, rate, noise, mostViews);
  }

  /// With views that differ from each other.
  public Vectors noise(double size) {
    return new Vectors(length, width, batchNorm, dropout, size, mostViews);
  }

  /// With only so many views of a cell.
  public Vectors mostViews(int count) {
    return new Vectors(length, width, batchNorm, dropout, noise, count);
  }

  @Override
  public Views draw(Cell cell, ViewRequest request) {
    SplittableRandom random = new SplittableRandom(request.seed());
    return new Views(views(cell, request.queries(), random), views(cell, request.keys(), random));
  }

  private List<View> views(Cell cell, int count, SplittableRandom random) {
    return IntStream.range(0, Math.min(count, mostViews))
        .mapToObj(i -> view(cell, random))
        .toList();
  }

  private View view(Cell cell, SplittableRandom random) {
    float[] values = ((Cell.Numbers) cell).values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) (noise * random.nextGaussian());
    }
    return View.of(values, values.length);
  }

  @Override
  public List<View> plain(Cell cell) {
    float[] values = ((Cell.Numbers) cell).values();
    return List.of(View.of(values, values.length));
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropoutActive) {
    if (width == 0) {
      return Optional.empty();
    }
    Block linear = Linear.builder().setUnits(width).build();
    SequentialBlock layers = new SequentialBlock().add(linear);
    if (batchNorm) {
      layers.add(BatchNorm.builder().build());
    }
    if (dropout > 0 && dropoutActive) {
      layers.add(Dropout.builder().optRate((float) dropout).build());
    }
    return Optional.of(new Backbone(layers, width, List.of(new Shape(1, length))));
  }
}
