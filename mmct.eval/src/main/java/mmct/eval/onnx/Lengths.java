package mmct.eval.onnx;

/// The range of the length of a row, where rows have no fixed one.
///
/// @param least the shortest row that the block accepts, in places of that axis
/// @param most the longest row that the block accepts
/// @param axisName the axis's name in the file, for example `length`
public record Lengths(int least, int most, String axisName) {
  /// Checks that the range is one.
  public Lengths {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException(
          "lengths must be a range of positive numbers but were %d to %d".formatted(least, most));
    }
  }

  /// The length of the range that is nearest to a number.
  int nearest(int length) {
    return Math.clamp(length, least, most);
  }
}
