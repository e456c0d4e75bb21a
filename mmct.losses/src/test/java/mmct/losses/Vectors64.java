package mmct.losses;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;

/// A modality of vectors with one linear layer, whose views the test brings itself.
///
/// @param width of the backbone
record Vectors64(int width) implements Modality {
  static final int LENGTH = 4;

  /// The view that belongs to a number.
  static View view(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[LENGTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return View.of(values, LENGTH);
  }

  @Override
  public Views draw(Cell cell, ViewRequest request) {
    throw new AssertionError("the test brings its own views");
  }

  @Override
  public List<View> plain(Cell cell) {
    throw new AssertionError("the test brings its own views");
  }

  @Override
  public Optional<Backbone> newBackbone(boolean dropout) {
    return Optional.of(
        new Backbone(
            Linear.builder().setUnits(width).build(), width, List.of(new Shape(1, LENGTH))));
  }
}
