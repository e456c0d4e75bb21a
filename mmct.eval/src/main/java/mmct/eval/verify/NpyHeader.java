package mmct.eval.verify;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mmct.api.MmctException;

/// The beginning of a file of features in NumPy's format, as `mmct embed` writes it.
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final Pattern SHAPE =
      Pattern.compile("'descr': '<f4', .*'shape': \\((\\d{1,18}), (\\d{1,9})\\)");

  private NpyHeader() {}

  /// Compares the length of a file with the shape in its header; a file of another type is not
  /// looked at any closer.
  ///
  /// @throws MmctException where it is no such file or has another length
  static void check(Path file) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      byte[] magic = in.readNBytes(MAGIC.length);
      if (!java.util.Arrays.equals(magic, MAGIC)) {
        throw new MmctException("it does not begin as NumPy's files of version 1.0 do");
      }
      int length = in.readUnsignedByte() | in.readUnsignedByte() << 8;
      String header = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
      Matcher shape = SHAPE.matcher(header);
      if (shape.find()) {
        long data = Long.parseLong(shape.group(1)) * Long.parseLong(shape.group(2)) * Float.BYTES;
        long expected = MAGIC.length + Short.BYTES + length + data;
        if (Files.size(file) != expected) {
          throw new MmctException(
              "it has %d bytes but its header says %d".formatted(Files.size(file), expected));
        }
      }
    }
  }
}
