package org.mmct.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The most memory that this process has had resident, as Linux counts it.
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /// What is written there to set the peak back to what is resident now; see proc(5).
  private static final String RESET_PEAK = "5";

  private PeakMemory() {}

  /// Sets the peak back.
  ///
  /// @return what is resident now, in bytes
  static long reset() {
    try {
      System.gc();
      Files.writeString(CLEAR, RESET_PEAK);
      return bytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The peak since it was set back, in bytes.
  static long bytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      String line = lines.filter(each -> each.startsWith("VmHWM:")).findFirst().orElseThrow();
      return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
