package mmct.api.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/// Numbers for arithmetic whose gradient is recorded.
///
/// `x.mul(0.5f)` of Deep Java Library 0.35 makes an array of the number in memory that belongs to a
/// Java buffer, multiplies, and lets go of the buffer. The engine's record of the operation still
/// points there: if the garbage collector runs between the forward and the backward pass, the
/// gradient is computed with whatever stands in that memory by then. The results are right nearly
/// always, and infinite or slightly wrong now and then.
///
/// So wherever a gradient may flow, multiply and divide by `Constant.of(x, 0.5)` instead; adding
/// and subtracting a number is safe, for their gradients do not need it.
public final class Constant {
  private Constant() {}

  /// A number as a float32 array `[]` in memory of the engine.
  ///
  /// @param beside an array whose device and manager it shares
  public static NDArray of(NDArray beside, double value) {
    return beside.getManager().full(new Shape(), (float) value);
  }
}
