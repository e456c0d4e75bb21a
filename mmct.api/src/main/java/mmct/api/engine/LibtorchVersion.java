package mmct.api.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
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
    return Libtorch.function(
            SHOW_CONFIG, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
        .map(LibtorchVersion::call)
        .flatMap(LibtorchVersion::version);
  }

  private static Optional<String> version(String config) {
    Matcher matcher = VERSION.matcher(config);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String call(MethodHandle function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment string = arena.allocate(STRING, Long.BYTES);
      // The text behind the string, a few hundred bytes, is never freed: its allocator is not ours.
      Object ignored = function.invokeWithArguments(string);
      long length = string.get(ValueLayout.JAVA_LONG, Long.BYTES);
      MemorySegment text = string.get(ValueLayout.ADDRESS, 0).reinterpret(length);
      return new String(text.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    } catch (Throwable e) {
      throw new IllegalStateException("libtorch cannot be asked for its version", e);
    }
  }
}
