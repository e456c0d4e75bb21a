package mmct.eval.onnx;

import java.util.List;
import mmct.api.data.HostTensor;

/// Gives inputs on which a block is traced and checked.
@FunctionalInterface
public interface ExampleInputs {
  /// Inputs for some rows, one tensor `[rows, ...]` for each input of the block.
  ///
  /// @param rows the number of rows
  /// @param length the length of a row, which the block may have on any axis, usually the
  ///     second; to be ignored where rows have one shape
  List<HostTensor> of(int rows, int length);
}
