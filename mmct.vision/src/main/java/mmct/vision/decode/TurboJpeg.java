package mmct.vision.decode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The functions of libjpeg-turbo's TurboJPEG interface (version 2, which version 3 has too) that
/// decode, called through the Foreign Function API. Safe for concurrent use: every picture has a
/// handle of its own, which costs some microseconds.
///
/// @param library the library's file
/// @param version the library's version, as far as its file tells it
/// @param create `tjInitDecompress`
/// @param decompress `tjDecompress2`
/// @param destroy `tjDestroy`
/// @param scratch where files and pixels lie while the library works
@SuppressWarnings("restricted")
record TurboJpeg(
    Path library,
    String version,
    MethodHandle create,
    MethodHandle decompress,
    MethodHandle destroy,
    NativeScratch scratch) {
  private static final int RED_GREEN_BLUE = 0; // TJPF_RGB
  private static final int STOP_ON_WARNING = 8192; // TJFLAG_STOPONWARNING

  private static final Pattern VERSION = Pattern.compile("libjpeg-turbo version ([0-9.]+)");

  /// The library where systems put it, or where a folder of the environment variable
  /// `LD_LIBRARY_PATH` has it; empty where there is none.
  static Optional<TurboJpeg> find() {
    return TurboJpegPlaces.all().filter(Files::isRegularFile).findFirst().flatMap(TurboJpeg::open);
  }

  /// Opens a library for the life of the process; empty where it is for another machine or lacks a
  /// function.
  static Optional<TurboJpeg> open(Path library) {
    try {
      SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
      return Optional.of(
          new TurboJpeg(
              library,
              version(library),
              create(symbols),
              decompress(symbols),
              destroy(symbols),
              new NativeScratch()));
    } catch (IllegalArgumentException | java.util.NoSuchElementException e) {
      return Optional.empty();
    }
  }

  private static MethodHandle create(SymbolLookup symbols) {
    return handle(symbols, "tjInitDecompress", FunctionDescriptor.of(ValueLayout.ADDRESS));
  }

  private static MethodHandle destroy(SymbolLookup symbols) {
    return handle(
        symbols, "tjDestroy", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  /// Whatever `unsigned long` is in C, its argument is a long here.
  private static MethodHandle decompress(SymbolLookup symbols) {
    MemoryLayout size = Linker.nativeLinker().canonicalLayouts().get("long");
    MethodHandle function =
        handle(
            symbols,
            "tjDecompress2",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                size,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    MethodType type = function.type().changeParameterType(2, long.class);
    return MethodHandles.explicitCastArguments(function, type);
  }

  private static MethodHandle handle(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  /// The library has no function for it, but a text that it would print.
  private static String version(Path library) {
    try {
      String text = new String(Files.readAllBytes(library), StandardCharsets.ISO_8859_1);
      Matcher matcher = VERSION.matcher(text);
      return matcher.find() ? matcher.group(1) : "of unknown version";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Decodes a file into red, green, blue bytes, reduced where the size is smaller than the file's.
  ///
  /// @param width the file's width times a number of eighths, rounded up
  /// @param height the file's height times as many eighths, rounded up
  /// @return whether all went without a complaint; where not, the content of `rgb` is arbitrary
  boolean decompress(byte[] jpeg, byte[] rgb, int width, int height) {
    // Not in the heap: a thread that decodes for long must not keep the garbage collector waiting.
    return scratch.use(
        (long) jpeg.length + rgb.length,
        memory -> {
          MemorySegment source = memory.asSlice(rgb.length);
          MemorySegment target = memory.asSlice(0, rgb.length);
          MemorySegment.copy(jpeg, 0, source, ValueLayout.JAVA_BYTE, 0, jpeg.length);
          if (!decompress(source, target, width, height)) {
            return false;
          }
          MemorySegment.copy(target, ValueLayout.JAVA_BYTE, 0, rgb, 0, rgb.length);
          return true;
        });
  }

  private boolean decompress(MemorySegment source, MemorySegment target, int width, int height) {
    try {
      MemorySegment handle = (MemorySegment) create.invokeExact();
      if (handle.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("libjpeg-turbo has no memory for a picture");
      }
      try {
        int outcome =
            (int)
                decompress.invokeExact(
                    handle,
                    source,
                    source.byteSize(),
                    target,
                    width,
                    0, // rows follow one another without a gap
                    height,
                    RED_GREEN_BLUE,
                    STOP_ON_WARNING);
        return outcome == 0;
      } finally {
        int ignored = (int) destroy.invokeExact(handle);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("libjpeg-turbo could not be called", e);
    }
  }
}
