package mmct.eval.onnx.spi;

import ai.djl.ndarray.types.DataType;

/// A tensor of the graph that is being built.
///
/// @param name its name in the file
/// @param type its element type
public record Tensor(String name, DataType type) {}
