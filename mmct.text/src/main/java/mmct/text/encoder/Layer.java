package mmct.text.encoder;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;

/// A block that knows all its sizes before it sees input and leaves every axis but the last alone.
///
/// Blocks of this package are plain array operations whose results belong to the manager of the
/// input, and none of them reads a value or depends on the numbers of rows and tokens but through
/// shapes, so that they can be traced.
abstract class Layer extends AbstractBlock {
  private final int width;

  /// Creates a layer.
  ///
  /// @param width the length of the output's last axis
  Layer(int width) {
    this.width = width;
  }

  /// Adds a trained parameter of a fixed shape.
  final Parameter trained(
      String name, Parameter.Type type, Initializer initializer, long... shape) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(type)
            .optShape(new Shape(shape))
            .optInitializer(initializer)
            .build());
  }

  @Override
  protected final void initializeChildBlocks(
      NDManager manager, DataType dataType, Shape... inputShapes) {
    for (Block child : children.values()) {
      child.initialize(manager, dataType, inputShapes);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape input = inputShapes[0];
    return new Shape[] {input.slice(0, input.dimension() - 1).add(width)};
  }
}
