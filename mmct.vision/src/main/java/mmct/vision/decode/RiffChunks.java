package mmct.vision.decode;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The chunks of a RIFF file, or of one of its chunks.
record RiffChunks(List<Chunk> all) {
  private static final int HEADER = 8;

  /// Content of a kind, in bytes of the file.
  record Chunk(int kind, int from, int to) {
    int length() {
      return to - from;
    }
  }

  /// The chunks between two places.
  ///
  /// @throws IOException where one reaches beyond
  static RiffChunks of(ByteBuffer file, int from, int to) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    int at = from;
    while (at + HEADER <= to) {
      int length = file.getInt(at + 4);
      int start = at + HEADER;
      if (length < 0 || length > to - start) {
        throw new EOFException("it ends within a chunk");
      }
      chunks.add(new Chunk(file.getInt(at), start, start + length));
      at = start + length + length % 2;
    }
    return new RiffChunks(chunks);
  }

  /// The first chunk of a kind.
  Optional<Chunk> find(int kind) {
    return all.stream().filter(it -> it.kind() == kind).findFirst();
  }

  /// A WebP file of one chunk.
  static byte[] file(int kind, byte[] content) {
    int padded = content.length + content.length % 2;
    return ByteBuffer.allocate(12 + HEADER + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(fourCc("RIFF"))
        .putInt(4 + HEADER + padded)
        .putInt(fourCc("WEBP"))
        .putInt(kind)
        .putInt(content.length)
        .put(content)
        .array();
  }

  /// A kind as the number that stands in a file.
  static int fourCc(String name) {
    return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt();
  }
}
