package mmct.eval.encode;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxJavaType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import mmct.api.data.HostTensor;

/// The element types that models read, and how those of collated arrays become them.
final class ElementTypes {
  /// Those that some input can have.
  static final Set<OnnxJavaType> KNOWN =
      Set.of(
          OnnxJavaType.FLOAT,
          OnnxJavaType.FLOAT16,
          OnnxJavaType.DOUBLE,
          OnnxJavaType.UINT8,
          OnnxJavaType.INT32,
          OnnxJavaType.INT64,
          OnnxJavaType.BOOL);

  private ElementTypes() {}

  /// The name by which people know a type.
  static String name(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> "float32";
      case DOUBLE -> "float64";
      default -> type.name().toLowerCase(Locale.ROOT);
    };
  }

  /// Whether a collated array can be handed to an input without losing what it holds: floats to
  /// floats of any precision, ids to integers, unscaled bytes to bytes.
  static boolean fits(DataType made, OnnxJavaType read) {
    return switch (made) {
      case FLOAT32 ->
          read == OnnxJavaType.FLOAT || read == OnnxJavaType.FLOAT16 || read == OnnxJavaType.DOUBLE;
      case INT64 -> read == OnnxJavaType.INT64 || read == OnnxJavaType.INT32;
      case UINT8 -> read == OnnxJavaType.UINT8;
      default -> false;
    };
  }

  /// The elements of a collated array as a type that it fits; without a copy where it has that
  // type.
  static ByteBuffer of(HostTensor made, OnnxJavaType read) {
    ByteBuffer bytes = Arrangement.bytes(made);
    return switch (made.type()) {
      case FLOAT32 -> ofFloats(bytes, read);
      case INT64 -> ofIntegers(bytes, read);
      default -> bytes;
    };
  }

  private static ByteBuffer ofFloats(ByteBuffer bytes, OnnxJavaType read) {
    if (read == OnnxJavaType.FLOAT) {
      return bytes;
    }
    FloatBuffer values = bytes.asFloatBuffer();
    ByteBuffer converted = Arrangement.direct(Math.multiplyExact(values.remaining(), read.size));
    while (values.hasRemaining()) {
      if (read == OnnxJavaType.FLOAT16) {
        converted.putShort(Float.floatToFloat16(values.get()));
      } else {
        converted.putDouble(values.get());
      }
    }
    return converted.rewind();
  }

  /// Integers as any type, which further inputs such as masks may have.
  ///
  /// @throws ArithmeticException where one is beyond the type
  static ByteBuffer ofIntegers(ByteBuffer bytes, OnnxJavaType read) {
    if (read == OnnxJavaType.INT64) {
      return bytes;
    }
    LongBuffer values = bytes.asLongBuffer();
    ByteBuffer converted = Arrangement.direct(Math.multiplyExact(values.remaining(), read.size));
    LongConsumer put =
        switch (read) {
          case INT32 -> value -> converted.putInt(Math.toIntExact(value));
          case FLOAT -> value -> converted.putFloat((float) value);
          case DOUBLE -> value -> converted.putDouble((double) value);
          case FLOAT16 -> value -> converted.putShort(Float.floatToFloat16((float) value));
          case BOOL -> value -> converted.put((byte) (value == 0 ? 0 : 1));
          case UINT8 -> value -> converted.put(unsigned(value));
          default -> throw new IllegalArgumentException("no input is of " + read);
        };
    while (values.hasRemaining()) {
      put.accept(values.get());
    }
    return converted.rewind();
  }

  private static byte unsigned(long value) {
    if (value < 0 || value > 255) {
      throw new ArithmeticException(value + " is beyond 0 to 255");
    }
    return (byte) value;
  }
}
