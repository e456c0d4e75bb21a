package mmct.api.engine;

import ai.djl.Device;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// libtorch's automatic mixed precision (Micikevicius et al., "Mixed Precision Training", 2018),
/// which Deep Java Library does not offer: while it is on, the thread's matrix products and
/// convolutions compute in a 16-bit format, whatever needs the range computes in float32, and
/// weights stay float32.
final class Autocast {
  /// `c10::DeviceType` and `c10::ScalarType` are enumerations of one byte.
  private static final MemoryLayout BYTE = ValueLayout.JAVA_BYTE;

  private static final byte CPU = 0;
  private static final byte CUDA = 1;
  private static final byte HALF = 5;
  private static final byte BFLOAT16 = 15;

  private final MethodHandle setEnabled;
  private final MethodHandle setFormat;
  private final MethodHandle enter;
  private final MethodHandle leave;
  private final MethodHandle clearCache;

  private Autocast(
      MethodHandle setEnabled,
      MethodHandle setFormat,
      MethodHandle enter,
      MethodHandle leave,
      MethodHandle clearCache) {
    this.setEnabled = setEnabled;
    this.setFormat = setFormat;
    this.enter = enter;
    this.leave = leave;
    this.clearCache = clearCache;
  }

  /// Finds the functions; empty where this libtorch lacks one.
  static Optional<Autocast> find() {
    var setEnabled =
        function(
            "20set_autocast_enabledEN3c1010DeviceTypeEb",
            FunctionDescriptor.ofVoid(BYTE, ValueLayout.JAVA_BOOLEAN));
    var setFormat =
        function(
            "18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE",
            FunctionDescriptor.ofVoid(BYTE, BYTE));
    var enter = function("17increment_nestingEv", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    var leave = function("17decrement_nestingEv", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    var clearCache = function("11clear_cacheEv", FunctionDescriptor.ofVoid());
    if (setEnabled.isEmpty()
        || setFormat.isEmpty()
        || enter.isEmpty()
        || leave.isEmpty()
        || clearCache.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Autocast(
            setEnabled.get(), setFormat.get(), enter.get(), leave.get(), clearCache.get()));
  }

  private static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    return Libtorch.function("_ZN2at8autocast" + name, signature);
  }

  void begin(Precision precision, Device device) {
    byte place = place(device);
    byte format =
        switch (precision) {
          case BF16 -> BFLOAT16;
          case FP16 -> HALF;
          case FLOAT32, AUTO ->
              throw new IllegalArgumentException(precision + " needs no mixed precision");
        };
    call(setFormat, place, format);
    call(setEnabled, place, true);
    call(enter);
  }

  /// Ends what was begun, and forgets the weights that were converted meanwhile.
  void end(Device device) {
    if (call(leave) instanceof Integer depth && depth == 0) {
      call(clearCache);
    }
    call(setEnabled, place(device), false);
  }

  private static byte place(Device device) {
    return device.isGpu() ? CUDA : CPU;
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("libtorch's mixed precision cannot be set", e);
    }
  }
}
