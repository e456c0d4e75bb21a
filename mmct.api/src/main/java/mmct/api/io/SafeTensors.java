package mmct.api.io;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import mmct.api.MmctException;

/// A safetensors file, opened for reading: named tensors and strings.
///
/// The header is checked against every rule of the format (bounds, overlaps, gaps, sizes, repeated
/// names) when the file is opened. The data is mapped into memory, so files and tensors may be
/// larger than two gigabytes, and what is not read costs nothing.
public final class SafeTensors implements AutoCloseable {
  /// Elements that are converted or copied at a time; 256 MB of 32-bit floats.
  private static final long ELEMENTS_AT_A_TIME = 1L << 26;

  /// Where a file carries its SHA-256: in the first string of its metadata, behind the length of
  /// the header.
  static final EmbeddedDigest.Place DIGEST =
      new EmbeddedDigest.Place(
          "{\"%s\":{\"%s\":\""
              .formatted(SafeTensorsHeader.METADATA, EmbeddedDigest.KEY)
              .getBytes(StandardCharsets.UTF_8),
          Long.BYTES);

  private final Path file;
  private final SafeTensorsHeader header;
  private final MemorySegment content;
  private final Arena arena;
  private final long elementsAtATime;

  private SafeTensors(
      Path file, SafeTensorsHeader header, MemorySegment content, Arena arena, long atATime) {
    this.file = file;
    this.header = header;
    this.content = content;
    this.arena = arena;
    this.elementsAtATime = atATime;
  }

  /// Opens a file.
  ///
  /// @throws MmctException where it cannot be read or breaks a rule of the format
  public static SafeTensors open(Path file) {
    return open(file, ELEMENTS_AT_A_TIME);
  }

  /// Compares a file with the SHA-256 that it carries.
  ///
  /// @return whether it carries one
  /// @throws MmctException where they differ, or it cannot be read
  public static boolean verify(Path file) {
    try {
      if (!EmbeddedDigest.isIn(file, DIGEST)) {
        return false;
      }
      requireDigest(file);
      return true;
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// Compares a file with the SHA-256 that it must carry.
  ///
  /// @throws MmctException where they differ, or it cannot be read
  public static void requireDigest(Path file) {
    try {
      EmbeddedDigest.problem(file, DIGEST)
          .ifPresent(
              problem -> {
                throw new MmctException("%s is damaged: %s".formatted(file, problem));
              });
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  static SafeTensors open(Path file, long elementsAtATime) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(RegularFiles.require(file), StandardOpenOption.READ)) {
      SafeTensorsHeader header = SafeTensorsHeader.read(channel, file);
      MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new SafeTensors(file, header, content, arena, elementsAtATime);
    } catch (IOException e) {
      arena.close();
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /// The names of the tensors in the order of their bytes in the file.
  public Set<String> names() {
    return header.tensors().keySet();
  }

  /// The strings that the file holds beside its tensors.
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /// The element type of a tensor.
  public ElementType type(String name) {
    return entry(name).type();
  }

  /// The shape of a tensor.
  public Shape shape(String name) {
    return entry(name).shape();
  }

  /// The bytes of a tensor, little-endian and row-major; valid until this is closed.
  public MemorySegment bytes(String name) {
    SafeTensorsHeader.Entry entry = entry(name);
    return content.asSlice(entry.offset(), entry.length());
  }

  /// A tensor as weights are read: floats of any width become 32-bit floats, whole numbers become
  /// 64-bit integers, booleans stay. Unsigned 64-bit integers keep their bits, so those from 2^63
  /// on come out negative.
  ///
  /// @return an array of the manager, on its device
  public NDArray read(String name, NDManager manager) {
    ElementType type = type(name);
    if (type.isInteger()) {
      return read(name, manager, DataType.INT64);
    }
    return read(name, manager, type == ElementType.BOOL ? DataType.BOOLEAN : DataType.FLOAT32);
  }

  /// A tensor bit for bit, in the type in which it was written.
  ///
  /// @return an array of the manager, on its device
  /// @throws MmctException where the engine has no such type
  public NDArray readExact(String name, NDManager manager) {
    DataType type =
        type(name)
            .engineType()
            .orElseThrow(
                () ->
                    new MmctException(
                        "%s: the type %s of '%s' cannot be read as it is"
                            .formatted(file, type(name), name)));
    return read(name, manager, type);
  }

  private NDArray read(String name, NDManager manager, DataType type) {
    SafeTensorsHeader.Entry entry = entry(name);
    NDArray array = manager.create(entry.shape(), type, Device.cpu());
    try (NDArray flat = array.reshape(-1)) {
      ElementConversion conversion = new ElementConversion(bytes(name), entry.type(), type);
      long count = entry.shape().size();
      for (long from = 0; from < count; from += elementsAtATime) {
        long to = Math.min(count, from + elementsAtATime);
        try (NDArray part = flat.get("{}:{}", from, to)) {
          ByteBuffer target = part.toByteBuffer(true);
          conversion.copy(from, MemorySegment.ofBuffer(target));
        }
      }
    }
    return onDeviceOf(manager, array);
  }

  private static NDArray onDeviceOf(NDManager manager, NDArray array) {
    if (manager.getDevice().equals(array.getDevice())) {
      return array;
    }
    try (array) {
      return array.toDevice(manager.getDevice(), true);
    }
  }

  private SafeTensorsHeader.Entry entry(String name) {
    SafeTensorsHeader.Entry entry = header.tensors().get(name);
    if (entry == null) {
      throw new MmctException("%s holds no tensor '%s'".formatted(file, name));
    }
    return entry;
  }

  /// Releases the file; arrays that were read stay.
  @Override
  public void close() {
    arena.close();
  }
}
