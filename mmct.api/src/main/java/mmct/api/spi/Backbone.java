package mmct.api.spi;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;

/// An encoder without its projection heads.
///
/// @param block reads the collated inputs of a modality and returns features `[n, width]` first
/// @param width the width of the features
/// @param inputShapes a shape per input, batch axis first, with which the block is initialised
public record Backbone(Block block, int width, List<Shape> inputShapes) {
  /// Copies the shapes.
  public Backbone {
    inputShapes = List.copyOf(inputShapes);
  }
}
