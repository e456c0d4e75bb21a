package mmct.eval.onnx;

import ai.djl.nn.Block;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mmct.api.MmctException;

/// What to export.
///
/// @param block an initialised block; every array that it returns, `[n, ...]`, is exported
/// @param inputNames a name for each input, in the order in which the block reads them
/// @param outputNames a name for each array that the block returns
/// @param examples inputs for tracing and for the checks, in the element types of the file
/// @param lengths the range of the length of a row; empty where only the number of rows changes
/// @param metadata what the file shall say about itself, in order
/// @param weights how weights are stored
/// @param opset the version of ONNX's operators that the file needs, 17 to 20
public record OnnxRequest(
    Block block,
    List<String> inputNames,
    List<String> outputNames,
    ExampleInputs examples,
    Optional<Lengths> lengths,
    Map<String, String> metadata,
    WeightType weights,
    int opset) {
  /// The oldest operator set that files can be written for.
  public static final int LEAST_OPSET = 17;

  /// The newest operator set that files can be written for.
  public static final int MOST_OPSET = 20;

  /// Checks names and operator set.
  ///
  /// @throws MmctException where two of the names are the same, or the operator set is another
  public OnnxRequest {
    inputNames = List.copyOf(inputNames);
    outputNames = List.copyOf(outputNames);
    if (opset < LEAST_OPSET || opset > MOST_OPSET) {
      throw new MmctException(
          "ONNX files can be written for the operator sets %d to %d but not for %d"
              .formatted(LEAST_OPSET, MOST_OPSET, opset));
    }
    Set<String> names = new HashSet<>();
    Stream.concat(inputNames.stream(), outputNames.stream())
        .forEach(
            name -> {
              if (name.isBlank() || !names.add(name)) {
                throw new MmctException(
                    "the inputs and outputs of an ONNX file must have different names, but '%s' is"
                            .formatted(name)
                        + " empty or given twice");
              }
            });
  }

  /// A request for a block that returns one array, in the newest operator set.
  public OnnxRequest(
      Block block,
      List<String> inputNames,
      String outputName,
      ExampleInputs examples,
      Optional<Lengths> lengths,
      Map<String, String> metadata,
      WeightType weights) {
    this(block, inputNames, List.of(outputName), examples, lengths, metadata, weights, MOST_OPSET);
  }

  /// The name of the first output.
  public String outputName() {
    return outputNames.getFirst();
  }

  /// The same request for another operator set.
  public OnnxRequest withOpset(int other) {
    return new OnnxRequest(
        block, inputNames, outputNames, examples, lengths, metadata, weights, other);
  }
}
