package mmct.eval.embed;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;

/// How far an embedding has come, and what is safe on the disk: written when it is, and read by a
/// process that goes on.
///
/// @param job everything that the result depends on; what another job has left is of no use
/// @param samples samples of the dataset that are done
/// @param rows rows written
/// @param broken cells left out
/// @param bytes the lengths of the files, in their order
record Milestone(String job, int samples, long rows, long broken, List<Long> bytes) {
  /// Reads what a process has left; empty where there is none or it is of another job.
  static Optional<Milestone> read(Path file, String job) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Properties left = new Properties();
      left.load(new StringReader(Files.readString(file)));
      return job.equals(left.getProperty("job")) ? Optional.of(parse(left)) : Optional.empty();
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    } catch (IllegalArgumentException e) {
      // Somebody has written into it: nothing in it can be relied on.
      return Optional.empty();
    }
  }

  private static Milestone parse(Properties left) {
    return new Milestone(
        left.getProperty("job"),
        Integer.parseInt(left.getProperty("samples")),
        Long.parseLong(left.getProperty("rows")),
        Long.parseLong(left.getProperty("broken")),
        Arrays.stream(left.getProperty("bytes").split(",")).map(Long::valueOf).toList());
  }

  /// Writes it whole or not at all.
  void write(Path file) {
    String text =
        "job=%s%nsamples=%d%nrows=%d%nbroken=%d%nbytes=%s%n"
            .formatted(
                job,
                samples,
                rows,
                broken,
                String.join(",", bytes.stream().map(String::valueOf).toList()));
    AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
