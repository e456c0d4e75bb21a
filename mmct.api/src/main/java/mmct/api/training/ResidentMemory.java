package mmct.api.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.OptionalLong;

/// The memory that the process holds, the engine's included, which no Java interface tells.
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path RESET = Path.of("/proc/self/clear_refs");

  /// The word that makes Linux forget how much the process once held.
  private static final String FORGET_PEAK = "5";

  private ResidentMemory() {}

  /// Resident bytes, where the system tells them.
  static OptionalLong bytes() {
    return read("VmRSS:");
  }

  /// The most bytes that were resident since [#forgetPeak], or else since the process began.
  static OptionalLong peakBytes() {
    return read("VmHWM:");
  }

  /// Begins to look for the peak anew.
  ///
  /// @return whether the system lets us
  static boolean forgetPeak() {
    try {
      Files.writeString(RESET, FORGET_PEAK, StandardOpenOption.WRITE);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static OptionalLong read(String name) {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(name))
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
