package mmct.eval.onnx.convert;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import mmct.eval.onnx.spi.Tensor;
import mmct.eval.onnx.spi.TracedCall;

/// PyTorch's rules of type promotion
/// (https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc).
final class Types {
  /// From the narrowest to the widest.
  private static final List<DataType> INTEGERS =
      List.of(DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64);

  private static final List<DataType> FLOATS =
      List.of(DataType.FLOAT16, DataType.FLOAT32, DataType.FLOAT64);

  private Types() {}

  /// The type in which two operands are compared. An operand without axes only counts where it is
  /// of a higher kind (floats above whole numbers above booleans).
  static DataType common(TracedCall call, Tensor one, Tensor other) {
    boolean firstCounts = !call.shape(one).isEmpty();
    boolean secondCounts = !call.shape(other).isEmpty();
    if (firstCounts != secondCounts) {
      DataType full = (firstCounts ? one : other).type();
      DataType lone = (firstCounts ? other : one).type();
      if (kind(lone) <= kind(full)) {
        return full;
      }
    }
    return promote(one.type(), other.type());
  }

  private static int kind(DataType type) {
    if (type == DataType.BOOLEAN) {
      return 0;
    }
    return FLOATS.contains(type) ? 2 : 1;
  }

  private static DataType promote(DataType one, DataType other) {
    if (one == other) {
      return one;
    }
    if (kind(one) != kind(other)) {
      return kind(one) > kind(other) ? one : other;
    }
    if (one == DataType.UINT8 || other == DataType.UINT8) {
      DataType signed = one == DataType.UINT8 ? other : one;
      return signed == DataType.INT8 ? DataType.INT16 : signed;
    }
    List<DataType> order = kind(one) == 2 ? FLOATS : INTEGERS;
    return order.get(Math.max(order.indexOf(one), order.indexOf(other)));
  }

  /// The type in which a graph computes what the engine computes in a type: ONNX Runtime has few
  /// operators for whole numbers of 8 and 16 bits and for booleans. Casting the result back cuts it
  /// to its last bits, as the engine does.
  static DataType computed(DataType type) {
    return switch (type) {
      case BOOLEAN, INT8, UINT8, INT16, UINT16 -> DataType.INT32;
      default -> type;
    };
  }

  /// The largest number of a floating type that is not infinite.
  static double largest(DataType type) {
    return switch (type) {
      case FLOAT16 -> 65504;
      case FLOAT64 -> Double.MAX_VALUE;
      default -> Float.MAX_VALUE;
    };
  }

  /// Whether a type holds whole numbers or booleans.
  static boolean isWhole(DataType type) {
    return kind(type) < 2;
  }
}
