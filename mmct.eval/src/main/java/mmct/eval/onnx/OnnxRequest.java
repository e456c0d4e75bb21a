package mmct.eval.onnx;

import ai.djl.nn.Block;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What to export.
///
/// @param block an initialised block; the first array that it returns, `[n, ...]`, is exported
/// @param inputNames a name for each input, in the order in which the block reads them
/// @param outputName the name of the output
/// @param examples inputs for tracing and for the checks, in the element types of the file
/// @param lengths the range of the length of a row; empty where only the number of rows changes
/// @param metadata what the file shall say about itself, in order
/// @param weights how weights are stored
public record OnnxRequest(
    Block block,
    List<String> inputNames,
    String outputName,
    ExampleInputs examples,
    Optional<Lengths> lengths,
    Map<String, String> metadata,
    WeightType weights) {
  /// Copies the names.
  public OnnxRequest {
    inputNames = List.copyOf(inputNames);
  }
}
