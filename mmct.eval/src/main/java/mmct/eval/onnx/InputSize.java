package mmct.eval.onnx;

import java.util.List;

/// A size of the inputs.
///
/// @param rows the number of rows
/// @param lengths the length of the rows of each group of inputs that vary together; all 1 where
///     rows have one shape
record InputSize(int rows, List<Integer> lengths) {
  /// Copies the lengths.
  InputSize {
    lengths = List.copyOf(lengths);
  }

  /// A size at which every input has the same length.
  static InputSize of(int rows, int length, int groups) {
    return new InputSize(rows, java.util.Collections.nCopies(groups, length));
  }

  /// About how much there is to compute.
  double work() {
    return rows * lengths.stream().mapToDouble(length -> length).max().orElse(1);
  }
}
