package mmct.cli.reliability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// A reader of what users hand over.
///
/// @param share how many mutations it gets of those that all get together; a fast one gets more
/// @param words that mean something in its format
/// @param seeds inputs that are right
/// @param door where it is called
record Reader(String name, int share, List<String> words, List<byte[]> seeds, Door door) {
  /// Reads an input, or fails with an [mmct.api.MmctException] where it is not one.
  @FunctionalInterface
  interface Door {
    void read(byte[] input) throws IOException;
  }

  static List<byte[]> texts(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }
}
