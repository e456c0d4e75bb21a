package mmct.vision.decode;

import java.util.Optional;

/// What reads JPEG files on a machine.
public sealed interface JpegLibrary {
  /// The reader that every JDK has.
  record Jdk() implements JpegLibrary {}

  /// libjpeg-turbo, where the system has it.
  ///
  /// @param functions of the library
  record Turbo(TurboJpeg functions) implements JpegLibrary {}

  /// libjpeg-turbo; empty where the system has none.
  static Optional<JpegLibrary> turbo() {
    return TurboJpeg.find().map(Turbo::new);
  }

  /// The library's name and version: what two runs must share to see the same pixels.
  default String version() {
    return switch (this) {
      case Jdk() -> "JDK";
      case Turbo(TurboJpeg functions) -> "libjpeg-turbo " + functions.version();
    };
  }

  /// The library in words, for the report of a run.
  default String describe() {
    return switch (this) {
      case Jdk() -> "the JDK's own, which decodes pictures whole";
      case Turbo(TurboJpeg functions) ->
          "%s (%s), which reduces in the JPEG domain".formatted(version(), functions.library());
    };
  }
}
