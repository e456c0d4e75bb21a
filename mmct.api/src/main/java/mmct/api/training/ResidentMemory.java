package mmct.api.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/// The memory that the process holds, the engine's included, which no Java interface tells.
final class ResidentMemory {
  private ResidentMemory() {}

  /// Resident bytes, where the system tells them.
  static OptionalLong bytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /// The memory in words.
  static String describe() {
    OptionalLong bytes = bytes();
    return bytes.isPresent()
        ? String.format(Locale.ROOT, "%.0f MB resident", (double) bytes.getAsLong() / 1e6)
        : "not told by this system";
  }
}
