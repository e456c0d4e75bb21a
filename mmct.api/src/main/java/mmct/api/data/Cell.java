package mmct.api.data;

import java.nio.file.Path;
import java.util.List;

/// The raw content of one modality of one sample, as a dataset delivers it and before any view is
/// drawn from it. A modality says which kinds it can read; it refuses the others.
public sealed interface Cell {
  /// One or several strings, such as the alternatives of a description or a list of words.
  record Strings(List<String> values) implements Cell {
    /// Copies the list; it must not be empty, since absence is an absent cell.
    public Strings {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("a cell of strings needs at least one");
      }
    }

    /// A cell of the strings given.
    public static Strings of(String... values) {
      return new Strings(List.of(values));
    }
  }

  /// A file that is opened only when a view is drawn.
  record File(Path path) implements Cell {}

  /// The content of a file held in memory; `name` stands for it in messages.
  record Bytes(byte[] content, String name) implements Cell {}

  /// Unsigned bytes of a shape, row-major, such as samples of a grid `[height, width, channels]`.
  record ByteGrid(byte[] values, int... shape) implements Cell {}

  /// Numbers of a shape, row-major.
  record Numbers(float[] values, int... shape) implements Cell {}
}
