package mmct.api.engine;

import ai.djl.Device;
import ai.djl.pytorch.jni.LibUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What CUDA's runtime library tells of a GPU. It is asked through libtorch, which has loaded its
/// own, wherever that lies; Deep Java Library looks for one that is installed for the whole system.
@SuppressWarnings("restricted")
public final class Gpu {
  private static final int CAPABILITY_MAJOR = 75;
  private static final int CAPABILITY_MINOR = 76;

  private Gpu() {}

  /// The memory in use on a GPU, by all processes together, in bytes; empty for another device, or
  /// where nobody tells.
  public static OptionalLong usedBytes(Device device) {
    Optional<MethodHandle> ask =
        function(device, "cudaMemGetInfo", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    if (ask.isEmpty()) {
      return OptionalLong.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
      return call(ask.get(), free, total)
          ? OptionalLong.of(
              total.get(ValueLayout.JAVA_LONG, 0) - free.get(ValueLayout.JAVA_LONG, 0))
          : OptionalLong.empty();
    }
  }

  /// The compute capability of a GPU, as 90 for 9.0; empty for another device, or where nobody
  /// tells.
  public static OptionalInt computeCapability(Device device) {
    OptionalInt major = attribute(device, CAPABILITY_MAJOR);
    OptionalInt minor = attribute(device, CAPABILITY_MINOR);
    return major.isPresent() && minor.isPresent()
        ? OptionalInt.of(10 * major.getAsInt() + minor.getAsInt())
        : OptionalInt.empty();
  }

  /// Page-locks memory outside the heap for copies to a GPU.
  ///
  /// @return whether that could be done; it must be undone before the memory is freed
  public static boolean lockPages(Device device, ByteBuffer memory) {
    return function(
            device,
            "cudaHostRegister",
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT)
        .map(
            register -> call(register, MemorySegment.ofBuffer(memory), (long) memory.capacity(), 0))
        .orElse(false);
  }

  /// Undoes [#lockPages].
  public static void unlockPages(Device device, ByteBuffer memory) {
    function(device, "cudaHostUnregister", ValueLayout.ADDRESS)
        .ifPresent(unregister -> call(unregister, MemorySegment.ofBuffer(memory)));
  }

  private static OptionalInt attribute(Device device, int attribute) {
    Optional<MethodHandle> ask =
        function(
            device,
            "cudaDeviceGetAttribute",
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT);
    if (ask.isEmpty()) {
      return OptionalInt.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
      return call(ask.get(), value, attribute, device.getDeviceId())
          ? OptionalInt.of(value.get(ValueLayout.JAVA_INT, 0))
          : OptionalInt.empty();
    }
  }

  /// A function of the runtime library, which libtorch's own library for CUDA leads to.
  private static Optional<MethodHandle> function(
      Device device, String name, ValueLayout... arguments) {
    Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("c10_cuda"));
    if (!device.isGpu() || !Files.exists(library)) {
      return Optional.empty();
    }
    return SymbolLookup.libraryLookup(library, Arena.global())
        .find(name)
        .map(
            address ->
                Linker.nativeLinker()
                    .downcallHandle(
                        address, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments)));
  }

  private static boolean call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments) instanceof Integer error && error == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("CUDA's runtime library cannot be asked", e);
    }
  }
}
