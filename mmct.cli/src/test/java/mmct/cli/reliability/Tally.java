package mmct.cli.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Writes down what a campaign found, a line for each kind of trial: `target/reliability.tsv`.
public final class Tally {
  private Tally() {}

  /// @param kind what was tried
  /// @param tried how often
  /// @param wrong what was wrong, one sentence each
  public static void write(String kind, long tried, List<String> wrong) {
    try {
      Path file = Files.createDirectories(Path.of("target")).resolve("reliability.tsv");
      Files.writeString(
          file,
          "%s\t%d\t%d\n".formatted(kind, tried, wrong.size()),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
