package mmct.eval.embed;

import java.nio.ByteBuffer;

/// A file of rows, one for each item.
sealed interface RowFile extends AutoCloseable permits NpyFile, CsvFile, ItemFile {
  /// The file that grows.
  GrowingFile file();

  /// Writes what stands before the first row of a new file.
  void start();

  /// Writes some rows behind those that are there.
  void append(Rows rows);

  /// Writes what can only be written when all rows are there.
  default void complete(long rows) {}

  @Override
  default void close() {
    file().close();
  }

  /// Some rows.
  ///
  /// @param first the number of the first, from 0
  /// @param ids per row, the id of its sample, length n
  /// @param items per row, the number of the item within its sample, from 0, length n
  /// @param values row-major, `[n, width]`
  /// @param width the width of a row
  record Rows(long first, String[] ids, int[] items, float[] values, int width) {
    int count() {
      return ids.length;
    }
  }

  /// Text as bytes to write.
  static ByteBuffer bytes(CharSequence text) {
    return java.nio.charset.StandardCharsets.UTF_8.encode(java.nio.CharBuffer.wrap(text));
  }
}
