package mmct.api.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Numbers for arithmetic whose gradient is recorded.
///
/// `x.mul(0.5f)` of Deep Java Library 0.35 makes an array of the number in memory that belongs to a
/// Java buffer, multiplies, and lets go of the buffer. The engine's record of the operation still
/// points there: if the garbage collector runs between the forward and the backward pass, the
/// gradient is computed with whatever stands in that memory by then. The results are right nearly
/// always, and infinite or slightly wrong now and then.
///
/// So wherever a gradient may flow, multiply and divide by `Constant.of(x, 0.5)` instead. Adding,
/// subtracting and comparing are safe, for no gradient needs the number, but `x.add(1)`, `x.gt(0)`
/// and `x.clip(0, 1)` make arrays of their numbers each time too: what every step computes, as
/// losses do, uses constants there as well.
public final class Constant {
  private static final ScopedValue<Kept> KEPT = ScopedValue.newInstance();

  private Constant() {}

  /// A number as a float32 array `[]` in memory of the engine. Within a training step the memory is
  /// shared by all who ask for the same number ([Kept]), so it must not be changed in place.
  ///
  /// @param beside an array whose device and manager it shares
  public static NDArray of(NDArray beside, double value) {
    NDManager manager = beside.getManager();
    return KEPT.isBound() && KEPT.get().serves(manager)
        ? KEPT.get().of((float) value, manager)
        : made(manager, (float) value);
  }

  private static NDArray made(NDManager manager, float value) {
    return manager.full(new Shape(), value);
  }

  /// Numbers that are made once and kept from step to step. Whoever asks gets another handle to the
  /// same memory, which belongs to the manager of the asking, as if the number had been made there.
  ///
  /// Numbers that change from step to step do not add up: only those asked for last are kept.
  /// To be used by one thread at a time.
  public static final class Kept {
    private static final int MOST = 256;

    private final NDManager owner;
    private long made;

    private final Map<Float, NDArray> numbers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Float, NDArray> eldest) {
            if (size() <= MOST) {
              return false;
            }
            eldest.getValue().close();
            return true;
          }
        };

    /// Nothing yet.
    ///
    /// @param owner keeps the numbers, for arrays of its device
    public Kept(NDManager owner) {
      this.owner = owner;
    }

    /// Does some work; the numbers that it asks for on this thread are kept here.
    public <T> T use(Supplier<T> work) {
      return ScopedValue.where(KEPT, this).call(work::get);
    }

    /// How many numbers have been made so far.
    public long made() {
      return made;
    }

    private boolean serves(NDManager manager) {
      return manager.getDevice().equals(owner.getDevice());
    }

    private NDArray of(float value, NDManager asking) {
      NDArray number =
          numbers.computeIfAbsent(
              value,
              key -> {
                made++;
                return Constant.made(owner, key);
              });
      NDArray handle = number.stopGradient();
      handle.attach(asking);
      return handle;
    }
  }
}
