package mmct.api.engine;

import ai.djl.pytorch.jni.LibUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The functions of the libtorch that the engine has loaded, by their names in the library.
@SuppressWarnings("restricted")
final class Libtorch {
  private Libtorch() {}

  /// A function of the library; empty where this libtorch has none of that name, or cannot be asked
  /// on this system. C++ names are mangled as GCC and Clang do.
  static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    return find(name).map(address -> Linker.nativeLinker().downcallHandle(address, signature));
  }

  /// A variable of the library, or of one that it is linked with; empty as for a function.
  static Optional<MemorySegment> variable(String name, MemoryLayout layout) {
    return find(name).map(address -> address.reinterpret(layout.byteSize()));
  }

  private static Optional<MemorySegment> find(String name) {
    Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
    if (!Files.exists(library)) {
      return Optional.empty();
    }
    // The engine keeps the library for as long as the process lives, and so may what is found here.
    return SymbolLookup.libraryLookup(library, Arena.global()).find(name);
  }
}
