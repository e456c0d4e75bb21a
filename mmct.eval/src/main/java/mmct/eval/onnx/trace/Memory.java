package mmct.eval.onnx.trace;

import org.jspecify.annotations.Nullable;

/// The memory that a recording array and the views of it share in a plain pass. Recorded arrays do
/// not share theirs: one that is written into becomes a new value, of which the others know
/// nothing. So the others must not be read any more.
final class Memory {
  private final @Nullable String parameter;
  private int writes;
  private String writer = "";

  /// The memory of an array.
  ///
  /// @param parameter the name of the parameter whose memory it is; null for any other
  Memory(@Nullable String parameter) {
    this.parameter = parameter;
  }

  /// How often it has been written into.
  int writes() {
    return writes;
  }

  /// One of the arrays is written into.
  ///
  /// @param operation the method that writes
  void write(String operation) {
    String line = CallSite.current();
    if (parameter != null) {
      throw Refusal.of(
          operation,
          line,
          "it writes into the parameter %s, which a file only reads".formatted(parameter));
    }
    writes++;
    writer = "%s in %s".formatted(operation, line);
  }

  /// Refuses to read an array that has missed a write.
  ///
  /// @param seen how many writes the array knows of
  void requireCurrent(int seen) {
    if (seen != writes) {
      throw Refusal.of(
          "forward",
          CallSite.current(),
          "an array is read here whose memory %s has written into under another name, by an index or a reshape, so that the block computes something else when it is traced"
              .formatted(writer));
    }
  }
}
