package mmct.api.csv;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;

/// Finds the place where a file stops being UTF-8. A reader only notices it somewhere ahead of the
/// row that is being read, so the file is gone through once more.
final class MalformedText {
  private MalformedText() {}

  /// The number of the line, from 1, that holds the first byte that is not UTF-8; 0 where all are.
  static long line(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
      CharBuffer characters = CharBuffer.allocate(1 << 16);
      long line = 1;
      boolean ended = false;
      boolean afterReturn = false;
      while (true) {
        CoderResult result = decoder.decode(bytes.flip(), characters, ended);
        characters.flip();
        while (characters.hasRemaining()) {
          char c = characters.get();
          line += c == '\r' || (c == '\n' && !afterReturn) ? 1 : 0;
          afterReturn = c == '\r';
        }
        characters.clear();
        if (result.isError()) {
          return line;
        }
        if (ended && result.isUnderflow()) {
          return 0;
        }
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(0, count));
      }
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }
}
