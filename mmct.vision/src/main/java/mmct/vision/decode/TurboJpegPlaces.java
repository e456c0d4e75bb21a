package mmct.vision.decode;

import java.io.File;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Where systems keep libjpeg-turbo.
final class TurboJpegPlaces {
  private TurboJpegPlaces() {}

  /// The files to look for, those that a user names by the environment first.
  static Stream<Path> all() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.startsWith("windows")) {
      return in(
          Stream.of("C:\\libjpeg-turbo64\\bin", "C:\\libjpeg-turbo-gcc64\\bin"), "turbojpeg.dll");
    }
    if (system.startsWith("mac")) {
      return in(
          path(
              "DYLD_LIBRARY_PATH",
              "/opt/homebrew/opt/jpeg-turbo/lib",
              "/opt/homebrew/lib",
              "/usr/local/opt/jpeg-turbo/lib",
              "/usr/local/lib",
              "/opt/libjpeg-turbo/lib64"),
          "libturbojpeg.0.dylib");
    }
    return in(
        path(
            "LD_LIBRARY_PATH",
            "/usr/local/lib",
            "/opt/libjpeg-turbo/lib64",
            "/usr/lib/%s-linux-gnu".formatted(architecture()),
            "/usr/lib64",
            "/usr/lib",
            "/lib64"),
        "libturbojpeg.so.0");
  }

  private static String architecture() {
    String architecture = System.getProperty("os.arch");
    return architecture.equals("amd64") ? "x86_64" : architecture;
  }

  private static Stream<String> path(String variable, String... others) {
    Stream<String> named =
        Optional.ofNullable(System.getenv(variable))
            .map(value -> Stream.of(value.split(File.pathSeparator)))
            .orElse(Stream.empty());
    return Stream.concat(named.filter(folder -> !folder.isBlank()), Stream.of(others));
  }

  private static Stream<Path> in(Stream<String> folders, String name) {
    return folders.map(folder -> Path.of(folder, name));
  }
}
