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
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;

/// How far an embedding has come, and what is safe on the disk: written when it is, and read by a
/// process that goes on.
///
/// @param job everything that the result depends on; what another job has left is of no use
/// @param samples samples of the dataset that are done
/// @param rows rows written
/// @param broken cells left out
/// @param nonFinite rows written that hold values that are not finite
/// @param bytes the lengths of the files, in their order
/// @param digests the SHA-256 of the files in the same order, once they are whole and only their
///     names are still to be given; empty before
record Milestone(
    String job,
    int samples,
    long rows,
    long broken,
    long nonFinite,
    List<Long> bytes,
    List<String> digests) {
  /// Whether the files are whole.
  boolean complete() {
    return !digests.isEmpty();
  }

  /// The same with the digests of the files, which are whole.
  Milestone complete(List<String> found) {
    return new Milestone(job, samples, rows, broken, nonFinite, bytes, found);
  }

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
    } catch (IllegalArgumentException | NullPointerException e) {
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
        Long.parseLong(left.getProperty("nonFinite")),
        list(left.getProperty("bytes")).map(Long::valueOf).toList(),
        list(left.getProperty("digests", "")).toList());
  }

  private static Stream<String> list(String text) {
    return Arrays.stream(text.split(",")).filter(it -> !it.isEmpty());
  }

  /// Writes it whole or not at all.
  void write(Path file) {
    String text =
        "job=%s%nsamples=%d%nrows=%d%nbroken=%d%nnonFinite=%d%nbytes=%s%ndigests=%s%n"
            .formatted(
                job,
                samples,
                rows,
                broken,
                nonFinite,
                String.join(",", bytes.stream().map(String::valueOf).toList()),
                String.join(",", digests));
    AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
