package mmct.api.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/// The SHA-256 of a file, written into the file itself: 64 hexadecimal digits at a place that the
/// format leaves for them, over the whole file with zeros at that place.
///
/// So one file, moved into place in one step and copied anywhere, carries the proof of its own
/// integrity, and every other program can still read it.
public final class EmbeddedDigest {
  /// The key under which a format's metadata name the digest.
  public static final String KEY = "sha256";

  /// What stands at the place of the digest while the digest is taken.
  public static final String BLANK = "0".repeat(64);

  private final MessageDigest digest = Checksums.sha256();

  private EmbeddedDigest() {}

  /// What stands before the digits, and where they stand.
  ///
  /// @param before the bytes of the format before the digits
  /// @param at where `before` begins, counted from the end of the file where it is negative
  public record Place(byte[] before, long at) {
    /// Copies the bytes.
    public Place {
      before = before.clone();
    }

    @Override
    public byte[] before() {
      return before.clone();
    }

    private long start(long size) {
      return at < 0 ? size + at : at;
    }
  }

  /// Writes a file and then its digest.
  ///
  /// @param content writes [#BLANK] at the place
  public static void write(FileChannel target, Place place, Content content) throws IOException {
    EmbeddedDigest digest = new EmbeddedDigest();
    content.writeTo(digest.through(target));
    ByteBuffer hex = ByteBuffer.wrap(digest.hex());
    long start = place.start(target.size()) + place.before.length;
    while (hex.hasRemaining()) {
      target.write(hex, start + hex.position());
    }
  }

  /// Writes the content of a file through a channel.
  @FunctionalInterface
  public interface Content {
    /// Writes everything.
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /// A channel that passes on what is written and takes its digest.
  private WritableByteChannel through(FileChannel target) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        ByteBuffer written = bytes.duplicate();
        int count = target.write(bytes);
        digest.update(written.limit(bytes.position()));
        return count;
      }

      @Override
      public boolean isOpen() {
        return target.isOpen();
      }

      @Override
      public void close() throws IOException {
        target.close();
      }
    };
  }

  /// Whether a file carries a digest at a place. One byte before the digits may be another: a bit
  /// that has flipped there must not make the file one that carries none.
  public static boolean isIn(Path file, Place place) throws IOException {
    try (FileChannel channel =
        FileChannel.open(RegularFiles.require(file), StandardOpenOption.READ)) {
      ByteBuffer there = ByteBuffer.allocate(place.before.length);
      long start = place.start(channel.size());
      while (start >= 0
          && there.hasRemaining()
          && channel.read(there, start + there.position()) >= 0) {
        // Reads on until the bytes are whole.
      }
      int others = there.remaining();
      for (int i = 0; i < there.position(); i++) {
        others += there.get(i) == place.before[i] ? 0 : 1;
      }
      return others <= 1;
    }
  }

  /// Reads a file that carries a digest, and compares.
  ///
  /// @return what is wrong, or empty where every bit is as it was written
  public static Optional<String> problem(Path file, Place place) throws IOException {
    try (FileChannel channel =
        FileChannel.open(RegularFiles.require(file), StandardOpenOption.READ)) {
      long start = place.start(channel.size()) + place.before.length;
      if (start < 0 || start + BLANK.length() > channel.size()) {
        return Optional.of("it ends after %d bytes".formatted(channel.size()));
      }
      EmbeddedDigest actual = new EmbeddedDigest();
      byte[] claimed = new byte[BLANK.length()];
      actual.read(channel, start, claimed);
      return MessageDigest.isEqual(claimed, actual.hex())
          ? Optional.empty()
          : Optional.of("its content does not match the SHA-256 that it carries");
    }
  }

  /// Takes the digest of a file with zeros in place of what it claims, which is copied out.
  private void read(FileChannel channel, long start, byte[] claimed) throws IOException {
    byte[] blank = BLANK.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    for (long at = 0; channel.read(buffer.clear()) >= 0; at += buffer.limit()) {
      buffer.flip();
      long from = Math.max(start, at);
      long to = Math.min(start + blank.length, at + buffer.limit());
      for (long i = from; i < to; i++) {
        claimed[(int) (i - start)] = buffer.get((int) (i - at));
        buffer.put((int) (i - at), blank[(int) (i - start)]);
      }
      digest.update(buffer);
    }
  }

  private byte[] hex() {
    return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
  }
}
