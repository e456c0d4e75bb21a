package mmct.api.engine;

import ai.djl.pytorch.jni.LibUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks libtorch itself which version it is. Deep Java Library believes the environment variable
/// `PYTORCH_VERSION`, or the version it was built for, whatever the library behind it.
@SuppressWarnings("restricted")
final class LibtorchVersion {
  /// `at::show_config()`, which returns a `std::string` through a hidden pointer.
  private static final String SHOW_CONFIG = "_ZN2at11show_configB5cxx11Ev";

  private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=([0-9.]+)");

  /// The size of a `std::string`: a pointer, a length and 16 bytes for short texts.
  private static final long STRING = 32;

  private LibtorchVersion() {}

  /// The version of the library that is loaded; empty where it cannot be asked on this system.
  static Optional<String> ask() {
    Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
    if (!Files.exists(library)) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      return SymbolLookup.libraryLookup(library, arena)
          .find(SHOW_CONFIG)
          .map(function -> call(function, arena))
          .flatMap(LibtorchVersion::version);
    }
  }

  private static Optional<String> version(String config) {
    Matcher matcher = VERSION.matcher(config);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String call(MemorySegment function, Arena arena) {
    MemorySegment string = arena.allocate(STRING, Long.BYTES);
    try {
      // The text behind the string, a few hundred bytes, is never freed: its allocator is not ours.
      Object ignored =
          Linker.nativeLinker()
              .downcallHandle(
                  function, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
              .invokeWithArguments(string);
    } catch (Throwable e) {
      throw new IllegalStateException("libtorch cannot be asked for its version", e);
    }
    long length = string.get(ValueLayout.JAVA_LONG, Long.BYTES);
    MemorySegment text = string.get(ValueLayout.ADDRESS, 0).reinterpret(length);
    return new String(text.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
