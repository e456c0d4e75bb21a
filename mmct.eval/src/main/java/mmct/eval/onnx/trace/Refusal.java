package mmct.eval.onnx.trace;

import mmct.api.MmctException;

/// The one form in which an operation is refused.
public final class Refusal {
  private Refusal() {}

  /// A refusal of an operation.
  ///
  /// @param operation the method's name
  /// @param line where the caller's code called it
  /// @param why what cannot be exported
  public static MmctException of(String operation, String line, String why) {
    return new MmctException(
        "the operation %s in %s cannot be exported to ONNX: %s".formatted(operation, line, why));
  }
}
