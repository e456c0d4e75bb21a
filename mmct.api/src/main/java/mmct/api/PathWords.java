package mmct.api;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;

/// Why text is no path, in words that help.
public final class PathWords {
  private PathWords() {}

  /// Why no file can have a name: because no name may have such a character, or because this
  /// process was started without a locale that has it. `bin/mmct` finds one; a program of one's own
  /// may not.
  public static String reason(InvalidPathException failure) {
    return reason(failure, systemsCharset());
  }

  /// What Java turns names of files into; it cannot be changed after the start.
  private static Charset systemsCharset() {
    String name = System.getProperty("sun.jnu.encoding", "");
    return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
  }

  static String reason(InvalidPathException failure, Charset names) {
    return names.newEncoder().canEncode(failure.getInput())
        ? failure.getReason()
        : "the locale's character set, %s, lacks a letter of it; start Java with LC_ALL=C.UTF-8"
            .formatted(names.name());
  }
}
