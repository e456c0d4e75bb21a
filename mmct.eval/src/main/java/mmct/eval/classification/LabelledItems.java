package mmct.eval.classification;

/// The features of one split whose class is known.
///
/// @param values row-major `[items, width]`
/// @param width the width of a row
/// @param classes per item the index of its class
/// @param samples per item the index of its sample in the split, ascending
public record LabelledItems(float[] values, int width, int[] classes, int[] samples) {
  /// The number of items.
  public int count() {
    return classes.length;
  }
}
