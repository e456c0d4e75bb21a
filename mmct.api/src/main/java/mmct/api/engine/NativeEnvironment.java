package mmct.api.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import mmct.api.MmctException;

/// The environment variables that native libraries read. Java's own view of them was taken when the
/// process started, and does not change.
@SuppressWarnings("restricted")
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /// Sets a variable for libraries that are loaded from now on, unless the process was started with
  /// that value.
  ///
  /// @throws MmctException where the system's function cannot be called
  public static void set(String name, String value) {
    if (value.equals(System.getenv(name))) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment variable = arena.allocateFrom(name);
      MemorySegment content = arena.allocateFrom(value);
      if (call(variable, content) != 0) {
        throw new IllegalStateException("the system refuses it");
      }
    } catch (Throwable e) {
      throw new MmctException(
          "the environment variable %s cannot be set to %s from Java; start the program with it"
              .formatted(name, value),
          e);
    }
  }

  private static int call(MemorySegment name, MemorySegment value) throws Throwable {
    SymbolLookup system = Linker.nativeLinker().defaultLookup();
    var posix = system.find("setenv");
    if (posix.isPresent()) {
      return (int)
          handle(posix.get(), ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT)
              .invokeExact(name, value, 1);
    }
    // Windows.
    return (int)
        handle(system.findOrThrow("_putenv_s"), ValueLayout.ADDRESS, ValueLayout.ADDRESS)
            .invokeExact(name, value);
  }

  private static MethodHandle handle(MemorySegment function, ValueLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }
}
