package mmct.api.io;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects named tensors and writes them as a safetensors file, one after the other, so that the
/// file is never in memory as a whole. Arrays are read when the file is written, not when added.
///
/// Larger elements stand before smaller ones, so that every element is aligned in the file.
public final class SafeTensorsWriter {
  /// Elements of an array that are handed out at a time; 512 MB at most.
  private static final long ELEMENTS_AT_A_TIME = 1L << 26;

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final long elementsAtATime;

  /// Writes the bytes of one tensor.
  @FunctionalInterface
  public interface Content {
    /// Writes all bytes, little-endian and row-major.
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private record Tensor(String name, ElementType type, Shape shape, Content content) {
    long bytes() {
      return Math.multiplyExact(shape.size(), (long) type.bytes());
    }
  }

  /// An empty file.
  public SafeTensorsWriter() {
    this(ELEMENTS_AT_A_TIME);
  }

  SafeTensorsWriter(long elementsAtATime) {
    this.elementsAtATime = elementsAtATime;
  }

  /// An empty file that will carry its own SHA-256, as [EmbeddedDigest] has it: the first string
  /// beside the tensors, so that it has a fixed place.
  public static SafeTensorsWriter sealed() {
    return new SafeTensorsWriter().metadata(EmbeddedDigest.KEY, EmbeddedDigest.BLANK);
  }

  /// Adds a string beside the tensors.
  public SafeTensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /// Adds an array of any device; it must stay open until the file is written.
  ///
  /// @throws IllegalArgumentException where the name is taken or the type has no name in the format
  public SafeTensorsWriter add(String name, NDArray array) {
    return add(
        name,
        ElementType.of(array.getDataType()),
        array.getShape(),
        channel -> writeArray(array, channel));
  }

  /// Adds a vector of whole numbers, `[length]`.
  public SafeTensorsWriter add(String name, long[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return add(
        name,
        ElementType.I64,
        new Shape(values.length),
        channel -> channel.write(bytes.duplicate()));
  }

  /// Adds a tensor whose bytes are made while the file is written.
  ///
  /// @throws IllegalArgumentException where the name is taken
  public SafeTensorsWriter add(String name, ElementType type, Shape shape, Content content) {
    if (name.equals(SafeTensorsHeader.METADATA) || !names.add(name)) {
      throw new IllegalArgumentException("the name '" + name + "' is taken");
    }
    tensors.add(new Tensor(name, type, shape, content));
    return this;
  }

  /// Writes the file whole or not at all, and its digest where it is to carry one.
  ///
  /// @throws mmct.api.MmctException where the disk is full or the folder cannot be written to
  public void write(Path file) {
    boolean sealed = EmbeddedDigest.BLANK.equals(metadata.get(EmbeddedDigest.KEY));
    AtomicFiles.write(
        file,
        sealed
            ? channel -> EmbeddedDigest.write(channel, SafeTensors.DIGEST, this::writeTo)
            : this::writeTo);
  }

  /// Writes the file's bytes in order, front to back.
  public void writeTo(WritableByteChannel channel) throws IOException {
    List<Tensor> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingInt(tensor -> -tensor.type().bytes()));
    CountingChannel counting = new CountingChannel(channel);
    counting.write(SafeTensorsHeader.write(header(ordered)));
    for (Tensor tensor : ordered) {
      long before = counting.count();
      tensor.content().writeTo(counting);
      if (counting.count() - before != tensor.bytes()) {
        throw new IllegalStateException(
            "'%s' of shape %s has %d bytes but wrote %d"
                .formatted(
                    tensor.name(), tensor.shape(), tensor.bytes(), counting.count() - before));
      }
    }
  }

  /// Metadata stands first and in the order in which it was given, so that its first value has a
  /// fixed place in the file.
  private ObjectNode header(List<Tensor> ordered) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    if (!metadata.isEmpty()) {
      ObjectNode strings = root.putObject(SafeTensorsHeader.METADATA);
      metadata.forEach(strings::put);
    }
    long at = 0;
    for (Tensor tensor : ordered) {
      ObjectNode entry = root.putObject(tensor.name());
      entry.put("dtype", tensor.type().name());
      for (long axis : tensor.shape().getShape()) {
        entry.withArray("shape").add(axis);
      }
      entry.withArray("shape");
      entry.putArray("data_offsets").add(at).add(at + tensor.bytes());
      at += tensor.bytes();
    }
    return root;
  }

  private void writeArray(NDArray array, WritableByteChannel channel) throws IOException {
    long count = array.size();
    try (NDArray flat = array.reshape(-1)) {
      for (long from = 0; from < count; from += elementsAtATime) {
        try (NDArray part = flat.get("{}:{}", from, Math.min(count, from + elementsAtATime));
            NDArray host = part.toDevice(Device.cpu(), false)) {
          channel.write(host.toByteBuffer(true));
        }
      }
    }
  }

  /// Counts what passes, and writes all of it.
  private static final class CountingChannel implements WritableByteChannel {
    private final WritableByteChannel channel;
    private long count;

    CountingChannel(WritableByteChannel channel) {
      this.channel = channel;
    }

    long count() {
      return count;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int size = bytes.remaining();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      count += size;
      return size;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
