package mmct.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The program as a user has unpacked it, started as a process of its own.
///
/// @param home the unpacked folder
public record PackagedProgram(Path home) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /// How a start ended.
  public record Ended(int exitCode, String out, String error, Duration duration) {}

  /// Unpacks the tar.gz that the build has made.
  public static PackagedProgram unpack(Path folder) throws IOException, InterruptedException {
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive("tar.gz").toString(), "-C", folder.toString())
            .inheritIO()
            .start();
    if (tar.waitFor() != 0) {
      throw new IOException("tar failed with " + tar.exitValue());
    }
    return new PackagedProgram(folder.resolve(name()));
  }

  static Path archive(String ending) {
    return Path.of(
            "target", "%s-%s.%s".formatted(name(), System.getProperty("mmct.platform"), ending))
        .toAbsolutePath();
  }

  static String name() {
    return "mmct-" + System.getProperty("mmct.version");
  }

  /// Runs `bin/mmct` in a folder.
  public Ended run(Path workingDirectory, String... arguments)
      throws IOException, InterruptedException {
    return run(home.resolve("bin/mmct"), workingDirectory, arguments);
  }

  /// Runs the program through another path to it.
  Ended run(Path program, Path workingDirectory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("MMCT_PLUGINS");
    Path out = workingDirectory.resolve("out.txt");
    Path error = workingDirectory.resolve("error.txt");
    builder.redirectOutput(out.toFile()).redirectError(error.toFile());
    long start = System.nanoTime();
    Process process = builder.start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within " + PATIENCE);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    return new Ended(process.exitValue(), read(out), read(error), duration);
  }

  private static String read(Path file) throws IOException {
    return java.nio.file.Files.readString(file, StandardCharsets.UTF_8);
  }
}
