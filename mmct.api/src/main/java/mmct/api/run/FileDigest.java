package mmct.api.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import mmct.api.io.RegularFiles;

/// The SHA-256 of a safetensors file, written into the file itself.
///
/// It is the first string of the file's metadata, so it stands at a fixed place, and it is the hash
/// of the whole file with zeros at that place. So one file, moved into place in one step, carries
/// the proof of its own integrity, and every safetensors library can still read it.
final class FileDigest {
  /// The key of the metadata.
  static final String KEY = "sha256";

  /// What stands at the place of the digest while the digest is taken.
  static final String BLANK = "0".repeat(64);

  private static final byte[] BEFORE =
      ("{\"__metadata__\":{\"" + KEY + "\":\"").getBytes(StandardCharsets.UTF_8);
  private static final int PLACE = Long.BYTES + BEFORE.length;
  private static final int START = PLACE + BLANK.length();

  private final MessageDigest digest = sha256();

  /// A channel that passes on what is written and takes its digest.
  WritableByteChannel through(FileChannel target) {
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

  /// Puts the digest of what has been written at its place.
  void seal(FileChannel target) throws IOException {
    ByteBuffer hex = ByteBuffer.wrap(hex());
    while (hex.hasRemaining()) {
      target.write(hex, PLACE + hex.position());
    }
  }

  /// Reads a file and compares.
  ///
  /// @return what is wrong, or empty where every bit is as it was written
  static Optional<String> problem(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(RegularFiles.require(file), StandardOpenOption.READ)) {
      ByteBuffer start = ByteBuffer.allocate(START);
      while (start.hasRemaining()) {
        if (channel.read(start) < 0) {
          return Optional.of("it ends after %d bytes".formatted(start.position()));
        }
      }
      byte[] claimed = new byte[BLANK.length()];
      start.get(PLACE, claimed).put(PLACE, BLANK.getBytes(StandardCharsets.US_ASCII));
      FileDigest actual = new FileDigest();
      actual.digest.update(start.flip());
      actual.updateWithRest(channel);
      return MessageDigest.isEqual(claimed, actual.hex())
          ? Optional.empty()
          : Optional.of("its content does not match the SHA-256 that it carries");
    }
  }

  private void updateWithRest(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    while (channel.read(buffer.clear()) >= 0) {
      digest.update(buffer.flip());
    }
  }

  private byte[] hex() {
    return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
