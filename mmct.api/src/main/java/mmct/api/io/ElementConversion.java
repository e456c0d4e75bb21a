package mmct.api.io;

import ai.djl.ndarray.types.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Copies elements from a file's bytes into an engine's memory, changing their type on the way.
///
/// @param source the tensor's bytes, little-endian
/// @param from the type of its elements
/// @param to the type wanted: the same, or FLOAT32 from floats, or INT64 from whole numbers
record ElementConversion(MemorySegment source, ElementType from, DataType to) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat TO_FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfLong TO_LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /// Fills the target with the elements from number `first` on.
  void copy(long first, MemorySegment target) {
    long count = target.byteSize() / to.getNumOfBytes();
    MemorySegment part = source.asSlice(first * from.bytes(), count * from.bytes());
    if (from == ElementType.BOOL) {
      copyBooleans(part, target, count);
    } else if (from.engineType().filter(to::equals).isPresent()) {
      // The engine exists for little-endian machines only, so its bytes are the file's.
      target.copyFrom(part);
    } else if (to == DataType.FLOAT32) {
      copyFloats(part, target, count);
    } else {
      copyIntegers(part, target, count);
    }
  }

  /// The engine's booleans are undefined for bytes other than 0 and 1.
  private static void copyBooleans(MemorySegment part, MemorySegment target, long count) {
    for (long i = 0; i < count; i++) {
      byte value = part.get(ValueLayout.JAVA_BYTE, i);
      target.set(ValueLayout.JAVA_BYTE, i, (byte) (value == 0 ? 0 : 1));
    }
  }

  private void copyFloats(MemorySegment part, MemorySegment target, long count) {
    for (long i = 0; i < count; i++) {
      float value =
          switch (from) {
            case F16 -> Float.float16ToFloat(part.get(SHORT, 2 * i));
            case BF16 -> Float.intBitsToFloat(part.get(SHORT, 2 * i) << 16);
            case F64 -> (float) part.get(DOUBLE, 8 * i);
            case F8_E4M3 -> fourExponentBits(part.get(ValueLayout.JAVA_BYTE, i));
            case F8_E5M2 -> Float.float16ToFloat((short) (part.get(ValueLayout.JAVA_BYTE, i) << 8));
            case F32, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                throw new IllegalStateException(from.name());
          };
      target.set(TO_FLOAT, 4 * i, value);
    }
  }

  /// The format E4M3 of Micikevicius et al., "FP8 Formats for Deep Learning" (2022), table 1: bias
  /// 7, no infinity, not-a-number where all bits but the sign are set.
  private static float fourExponentBits(byte bits) {
    int exponent = (bits >> 3) & 15;
    int fraction = bits & 7;
    if ((bits & 127) == 127) {
      return Float.NaN;
    }
    float size =
        exponent == 0 ? Math.scalb((float) fraction, -9) : Math.scalb(8f + fraction, exponent - 10);
    return bits < 0 ? -size : size;
  }

  private void copyIntegers(MemorySegment part, MemorySegment target, long count) {
    for (long i = 0; i < count; i++) {
      long value =
          switch (from) {
            case I32 -> part.get(INT, 4 * i);
            case I16 -> part.get(SHORT, 2 * i);
            case I8 -> part.get(ValueLayout.JAVA_BYTE, i);
            case U8 -> Byte.toUnsignedInt(part.get(ValueLayout.JAVA_BYTE, i));
            case U16 -> Short.toUnsignedLong(part.get(SHORT, 2 * i));
            case U32 -> Integer.toUnsignedLong(part.get(INT, 4 * i));
            case I64, U64 -> part.get(LONG, 8 * i);
            case F16, BF16, F32, F64, F8_E4M3, F8_E5M2, BOOL ->
                throw new IllegalStateException(from.name());
          };
      target.set(TO_LONG, 8 * i, value);
    }
  }
}
