package mmct.eval.onnx;

import java.nio.file.Path;
import java.util.List;

/// What an export wrote and how it was checked.
///
/// @param file the file
/// @param bytes its size, with the weights beside it where there are any
/// @param nodes the number of operations in the file
/// @param largestDifference the largest difference between ONNX Runtime and the block over all
///     checks, as a share of the largest magnitude of the block's output
/// @param checked the sizes at which both were compared
public record ExportReport(
    Path file, long bytes, int nodes, double largestDifference, List<CheckedSize> checked) {
  /// Copies the sizes.
  public ExportReport {
    checked = List.copyOf(checked);
  }

  /// A size at which the file was compared with the block.
  ///
  /// @param rows the number of rows
  /// @param lengths the length of the rows of the inputs that vary together, then that of each
  ///     input that varies by itself; 1 where rows have one shape
  /// @param difference the largest difference, relative to the output's largest magnitude
  public record CheckedSize(int rows, List<Integer> lengths, double difference) {
    /// Copies the lengths.
    public CheckedSize {
      lengths = List.copyOf(lengths);
    }

    /// The length of the rows of the inputs that vary together.
    public int length() {
      return lengths.getFirst();
    }
  }
}
