package mmct.eval.onnx.trace;

import java.util.Optional;

/// What the engine or ONNX Runtime says about a failure, as an aside to a sentence of our own.
public final class Aside {
  private static final int LONGEST = 200;

  private Aside() {}

  /// The first line of a message, ` (it says: ...)`; nothing where there is none.
  public static String of(Throwable thrown) {
    Optional<String> first =
        Optional.ofNullable(thrown.getMessage()).stream()
            .flatMap(String::lines)
            .map(line -> line.replaceAll("\\p{Cntrl}+", " "))
            .map(line -> line.replaceAll("Error code - \\w+ - message: ", "").strip())
            .filter(line -> !line.isEmpty())
            .findFirst();
    return first
        .map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line)
        .map(" (it says: %s)"::formatted)
        .orElse("");
  }
}
