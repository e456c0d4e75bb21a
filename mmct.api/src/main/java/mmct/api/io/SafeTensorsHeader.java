package mmct.api.io;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import org.jspecify.annotations.Nullable;

/// The header of a safetensors file, checked against every rule of the format before anything of
/// the size that it claims is allocated.
///
/// @param tensors by name, in the order of their bytes
/// @param metadata the strings of `__metadata__`
record SafeTensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {
  /// The name under which the header keeps strings; no tensor can have it.
  static final String METADATA = "__metadata__";

  /// The largest header that the format allows, in bytes.
  static final int LARGEST = 100_000_000;

  /// The size of the number before the header, in bytes.
  static final int PREFIX = Long.BYTES;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(8)
                      .maxStringLength(LARGEST)
                      .maxNameLength(LARGEST)
                      .build())
              .build());

  /// One tensor.
  ///
  /// @param type the type of its elements
  /// @param shape its shape
  /// @param offset the place of its first byte in the file
  /// @param length its size in bytes
  record Entry(ElementType type, Shape shape, long offset, long length) {}

  /// A rule of the format that a file breaks.
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String rule) {
      super(rule, null, false, false);
    }
  }

  /// Reads and checks the header of a file.
  ///
  /// @throws MmctException where the file is not a safetensors file; names the file and the rule
  static SafeTensorsHeader read(FileChannel channel, Object file) throws IOException {
    try {
      long size = channel.size();
      int length = headerLength(channel, size);
      JsonNode root = parse(bytes(channel, PREFIX, length).array());
      return check(root, PREFIX + (long) length, size);
    } catch (Broken e) {
      String reason = ForeignWeights.describe(channel, file).orElse(String.valueOf(e.getMessage()));
      throw new MmctException("%s is not a safetensors file: %s".formatted(file, reason));
    }
  }

  private static int headerLength(FileChannel channel, long size) throws IOException, Broken {
    if (size < PREFIX) {
      throw new Broken("it has %d bytes and must have at least %d".formatted(size, PREFIX));
    }
    long length = bytes(channel, 0, PREFIX).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > LARGEST) {
      throw new Broken(
          "its header must have at most %d bytes but claims %s"
              .formatted(LARGEST, Long.toUnsignedString(length)));
    }
    if (length > size - PREFIX) {
      throw new Broken(
          "its header claims %d bytes but the file ends after %d".formatted(length, size - PREFIX));
    }
    return (int) length;
  }

  private static ByteBuffer bytes(FileChannel channel, long position, int count)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static JsonNode parse(byte[] text) throws IOException, Broken {
    if (text.length == 0 || text[0] != '{') {
      throw new Broken("its header must begin with '{'");
    }
    try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(text)) {
      JsonNode root = values.nextValue();
      if (values.hasNextValue()) {
        throw new Broken("something follows its header's closing brace");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new Broken("its header is not JSON: " + e.getOriginalMessage());
    }
  }

  private static SafeTensorsHeader check(JsonNode root, long dataStart, long size) throws Broken {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Map.Entry<String, Entry>> tensors = new ArrayList<>(root.size());
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals(METADATA)) {
        metadata.putAll(metadata(field.getValue()));
      } else {
        tensors.add(Map.entry(field.getKey(), tensor(field.getKey(), field.getValue(), dataStart)));
      }
    }
    tensors.sort(
        Comparator.<Map.Entry<String, Entry>>comparingLong(tensor -> tensor.getValue().offset())
            .thenComparingLong(tensor -> tensor.getValue().length()));
    checkNoGaps(tensors, dataStart, size);
    Map<String, Entry> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.getKey(), tensor.getValue()));
    return new SafeTensorsHeader(
        Collections.unmodifiableMap(byName), Collections.unmodifiableMap(metadata));
  }

  private static Map<String, String> metadata(JsonNode node) throws Broken {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getValue().isTextual()) {
        throw new Broken(
            "the value of '%s' in its metadata must be text".formatted(field.getKey()));
      }
      metadata.put(field.getKey(), field.getValue().textValue());
    }
    if (!node.isObject()) {
      throw new Broken("its " + METADATA + " must be a group of strings");
    }
    return metadata;
  }

  private static Entry tensor(String name, JsonNode node, long dataStart) throws Broken {
    long[] offsets = numbers(name, node, "data_offsets");
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw new Broken("the data_offsets of '%s' must be a begin and an end".formatted(name));
    }
    ElementType type = type(name, node.get("dtype"));
    long[] shape = numbers(name, node, "shape");
    long length = offsets[1] - offsets[0];
    long needed;
    long begin;
    try {
      needed = type.bytes();
      for (long axis : shape) {
        needed = Math.multiplyExact(needed, axis);
      }
      begin = Math.addExact(dataStart, offsets[0]);
    } catch (ArithmeticException e) {
      throw new Broken("the size of '%s' exceeds 64 bits".formatted(name));
    }
    if (needed != length) {
      throw new Broken(
          "'%s' of type %s and shape %s needs %d bytes but its data_offsets span %d"
              .formatted(name, type, new Shape(shape), needed, length));
    }
    return new Entry(type, new Shape(shape), begin, length);
  }

  private static ElementType type(String name, @Nullable JsonNode node) throws Broken {
    String word = node == null ? "" : node.asText();
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(word)) {
        return type;
      }
    }
    throw new Broken(
        "the dtype of '%s' must be one of %s but was '%s'"
            .formatted(name, List.of(ElementType.values()), word));
  }

  private static long[] numbers(String name, JsonNode node, String key) throws Broken {
    JsonNode list = node.get(key);
    if (list == null || !list.isArray()) {
      throw new Broken("the %s of '%s' must be a list of numbers".formatted(key, name));
    }
    long[] numbers = new long[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = list.get(i);
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
        throw new Broken(
            "the %s of '%s' must be whole numbers from 0 but hold %s".formatted(key, name, number));
      }
      numbers[i] = number.longValue();
    }
    return numbers;
  }

  private static void checkNoGaps(List<Map.Entry<String, Entry>> tensors, long dataStart, long size)
      throws Broken {
    long at = dataStart;
    for (Map.Entry<String, Entry> tensor : tensors) {
      Entry entry = tensor.getValue();
      if (entry.offset() != at) {
        throw new Broken(
            "the bytes of '%s' begin at %d but those before it end at %d"
                .formatted(tensor.getKey(), entry.offset() - dataStart, at - dataStart));
      }
      at = entry.offset() + entry.length();
      if (at > size || at < 0) {
        throw new Broken(
            "the bytes of '%s' end at %s but the file's at %d"
                .formatted(
                    tensor.getKey(), Long.toUnsignedString(at - dataStart), size - dataStart));
      }
    }
    if (at != size) {
      throw new Broken("%d bytes follow its last tensor".formatted(size - at));
    }
  }

  /// The bytes before the data: the length and the header, padded to a multiple of eight.
  ///
  /// @param root the header as JSON
  static ByteBuffer write(JsonNode root) {
    byte[] text = root.toString().getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
    if (padded > LARGEST) {
      throw new IllegalArgumentException(
          "a safetensors header must have at most %d bytes but this has %d"
              .formatted(LARGEST, padded));
    }
    ByteBuffer bytes = ByteBuffer.allocate(PREFIX + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(text);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }
}
