package mmct.eval.encode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.io.EmbeddedDigest;
import mmct.api.io.RegularFiles;
import mmct.eval.onnx.proto.OnnxMessages;

/// Reads what an ONNX file says about itself without loading it: `ModelProto` of `onnx.proto` in
/// the wire format of protocol buffers, of which only the metadata is decoded. The graph and its
/// weights are passed over, so it costs nothing however large the file is, and a file that ends
/// within any part is noticed.
///
/// ONNX Runtime for Java would give the metadata too, but it passes texts through the modified
/// UTF-8 of the Java machine, which changes characters beyond 16 bits, as vocabularies have them.
public final class OnnxFile {
  private static final int IR_VERSION = 1;
  private static final int GRAPH = 7;
  private static final int METADATA = 14;

  /// A text beyond this is no metadata but a mistake, or meant to use up the memory.
  private static final int LARGEST_TEXT = 256 << 20;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer window = ByteBuffer.allocate(1 << 13).limit(0);

  /// Where in the file the window begins.
  private long windowStart;

  private long position;

  private OnnxFile(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  /// The texts by name that a file holds.
  ///
  /// @throws MmctException where there is no such file, or it is no ONNX file or not all of one
  public static Map<String, String> metadata(Path path) {
    if (!Files.isRegularFile(RegularFiles.require(path))) {
      throw new MmctException(
          Files.isDirectory(path)
              ? path + " is a folder, not an encoder's file"
              : "there is no encoder's file " + path);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new OnnxFile(channel, channel.size()).model();
    } catch (NotOnnx e) {
      throw new MmctException(
          "%s is no ONNX file, or only a part of one: %s".formatted(path, e.getMessage()), e);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(path, AtomicFiles.reason(e)), e);
    }
  }

  /// Compares a file with the SHA-256 that it carries, and the files of weights beside it with
  /// those that it holds of them.
  ///
  /// @param metadata what [#metadata] gives
  /// @return whether it carries one, as every file does that the toolkit has written
  /// @throws MmctException where they differ, or a file cannot be read
  public static boolean verify(Path path, Map<String, String> metadata) {
    try {
      if (!metadata.containsKey(OnnxMessages.SEALED)
          && !metadata.containsKey(EmbeddedDigest.KEY)
          && !EmbeddedDigest.isIn(path, OnnxMessages.DIGEST)) {
        return false;
      }
      Optional<String> problem = EmbeddedDigest.problem(path, OnnxMessages.DIGEST);
      if (problem.isPresent()) {
        throw new MmctException(
            "%s is damaged, or another program has changed it (which must take the metadata '%s' and '%s' away): %s"
                .formatted(path, OnnxMessages.SEALED, EmbeddedDigest.KEY, problem.get()));
      }
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(path, AtomicFiles.reason(e)), e);
    }
    metadata.forEach((key, digest) -> verifyWeights(path, key, digest));
    return true;
  }

  private static void verifyWeights(Path model, String key, String digest) {
    if (key.startsWith(OnnxMessages.WEIGHTS)) {
      Path weights = model.resolveSibling(key.substring(OnnxMessages.WEIGHTS.length()));
      if (!Checksums.of(weights).equals(digest)) {
        throw new MmctException(
            "%s is damaged: its SHA-256 is not that in %s".formatted(weights, model.getFileName()));
      }
    }
  }

  private Map<String, String> model() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    boolean versioned = false;
    boolean graph = false;
    while (position < size) {
      long tag = varint();
      int field = field(tag);
      if (field == METADATA && wire(tag) == BYTES) {
        entry(end(varint(), size), texts);
        continue;
      }
      versioned |= field == IR_VERSION && wire(tag) == VARINT;
      graph |= field == GRAPH && wire(tag) == BYTES;
      skip(tag, size);
    }
    if (!versioned || !graph) {
      throw new NotOnnx(graph ? "it names no version" : "it holds no graph");
    }
    return texts;
  }

  /// A `StringStringEntryProto`.
  private void entry(long end, Map<String, String> texts) throws IOException {
    String key = "";
    String value = "";
    while (position < end) {
      long tag = varint();
      if (wire(tag) != BYTES || field(tag) > 2) {
        skip(tag, end);
      } else if (field(tag) == 1) {
        key = text(end(varint(), end));
      } else {
        value = text(end(varint(), end));
      }
    }
    texts.put(key, value);
  }

  private static int field(long tag) throws NotOnnx {
    long field = tag >>> 3;
    if (field < 1 || field > 0x1fff_ffff) {
      throw new NotOnnx("a part of it has the number " + field);
    }
    return (int) field;
  }

  private static int wire(long tag) {
    return (int) (tag & 7);
  }

  private void skip(long tag, long end) throws IOException {
    switch (wire(tag)) {
      case VARINT -> varint();
      case FIXED64 -> position = end(Long.BYTES, end);
      case FIXED32 -> position = end(Integer.BYTES, end);
      case BYTES -> position = end(varint(), end);
      default -> throw new NotOnnx("a part of it is of the unknown kind " + wire(tag));
    }
  }

  /// Where a part of a length ends.
  private long end(long length, long within) throws NotOnnx {
    if (length < 0 || length > within - position) {
      throw new NotOnnx(
          "a part of %s bytes begins at byte %d of %d"
              .formatted(Long.toUnsignedString(length), position, size));
    }
    return position + length;
  }

  private String text(long end) throws IOException {
    long length = end - position;
    if (length > LARGEST_TEXT) {
      throw new NotOnnx("a text in its metadata has %d bytes".formatted(length));
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
      // Reads on until the text is whole.
    }
    position = end;
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = next();
      value |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new NotOnnx("a number in it does not end");
  }

  private int next() throws IOException {
    if (position < windowStart || position >= windowStart + window.limit()) {
      window.clear();
      windowStart = position;
      if (channel.read(window, position) <= 0) {
        throw new NotOnnx("it ends within a number");
      }
      window.flip();
    }
    return window.get((int) (position++ - windowStart)) & 0xff;
  }

  /// What is wrong with the bytes.
  private static final class NotOnnx extends IOException {
    private static final long serialVersionUID = 1L;

    NotOnnx(String message) {
      super(message);
    }
  }
}
