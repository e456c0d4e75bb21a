package mmct.api.io;

import ai.djl.ndarray.types.DataType;
import java.util.Optional;

/// The element types of the safetensors format, by the names that stand in its header.
public enum ElementType {
  /// 16-bit floats of IEEE 754.
  F16(2, DataType.FLOAT16),
  /// The upper half of a 32-bit float.
  BF16(2, null),
  /// 32-bit floats.
  F32(4, DataType.FLOAT32),
  /// 64-bit floats.
  F64(8, DataType.FLOAT64),
  /// 8-bit floats of 4 exponent and 3 fraction bits, which have no infinity.
  F8_E4M3(1, null),
  /// 8-bit floats of 5 exponent and 2 fraction bits: the upper half of a 16-bit float.
  F8_E5M2(1, null),
  /// 64-bit integers.
  I64(8, DataType.INT64),
  /// 32-bit integers.
  I32(4, DataType.INT32),
  /// 16-bit integers.
  I16(2, null),
  /// 8-bit integers.
  I8(1, DataType.INT8),
  /// Unsigned 64-bit integers.
  U64(8, null),
  /// Unsigned 32-bit integers.
  U32(4, null),
  /// Unsigned 16-bit integers.
  U16(2, null),
  /// Unsigned 8-bit integers.
  U8(1, DataType.UINT8),
  /// Booleans, one byte each: 0 is false.
  BOOL(1, DataType.BOOLEAN);

  private final int bytes;
  private final Optional<DataType> engineType;

  ElementType(int bytes, @org.jspecify.annotations.Nullable DataType engineType) {
    this.bytes = bytes;
    this.engineType = Optional.ofNullable(engineType);
  }

  /// The size of one element.
  public int bytes() {
    return bytes;
  }

  /// The engine's type of the same bytes; empty where the engine cannot hold them as they are.
  public Optional<DataType> engineType() {
    return engineType;
  }

  /// Whether the elements are whole numbers.
  public boolean isInteger() {
    return switch (this) {
      case I64, I32, I16, I8, U64, U32, U16, U8 -> true;
      case F16, BF16, F32, F64, F8_E4M3, F8_E5M2, BOOL -> false;
    };
  }

  /// Whether the elements are floats.
  public boolean isFloat() {
    return !isInteger() && this != BOOL;
  }

  /// The element type of an engine's array.
  ///
  /// @throws IllegalArgumentException where the format has none for it
  public static ElementType of(DataType type) {
    for (ElementType candidate : values()) {
      if (candidate.engineType.filter(type::equals).isPresent()) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("arrays of type " + type + " cannot be written");
  }
}
