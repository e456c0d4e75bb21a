package mmct.cli.survival;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mmct.cli.PackagedProgram.Ended;

/// The packaged program, started in a folder as a process that can be killed.
final class Program {
  private static final Path PROGRAM = Path.of("target", "mmct", "bin", "mmct").toAbsolutePath();

  private final Path folder;
  private final List<String> launcher;
  private final Map<String, String> environment;
  private int starts;

  private Program(Path folder, List<String> launcher, Map<String, String> environment) {
    this.folder = folder;
    this.launcher = launcher;
    this.environment = environment;
  }

  /// The program with a working directory.
  static Program in(Path folder) {
    return new Program(folder, List.of(), Map.of());
  }

  /// The same with options for the Java machine.
  Program withJava(String options) {
    return new Program(folder, launcher, Map.of("MMCT_JAVA_OPTS", options));
  }

  /// The same started by another program, whose words come first.
  Program startedBy(String... words) {
    return new Program(folder, List.of(words), environment);
  }

  /// Runs it to its end.
  Ended run(String... arguments) throws IOException, InterruptedException {
    return start(arguments).await();
  }

  /// Starts it.
  Started start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(PROGRAM.toString());
    command.addAll(List.of(arguments));
    starts++;
    Path out = folder.resolve("out-%d-%d.txt".formatted(System.nanoTime(), starts));
    Path error = Path.of(out + ".error");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("MMCT_PLUGINS");
    builder.environment().putAll(variables);
    builder.redirectOutput(out.toFile()).redirectError(error.toFile());
    return new Started(builder.start(), out, error, System.nanoTime());
  }

  /// A process of the program.
  ///
  /// @param out what it prints
  /// @param error what it prints of failures
  /// @param since when it was started, on this machine's clock of nanoseconds
  record Started(Process process, Path out, Path error, long since) {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// Something that is the case sooner or later.
    interface Event {
      boolean happened() throws IOException;
    }

    /// Waits for an event, or for the end of the process.
    Started until(Event event) throws IOException, InterruptedException {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (process.isAlive() && !event.happened()) {
        if (System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new IOException("nothing happened within " + PATIENCE);
        }
        TimeUnit.MILLISECONDS.sleep(1);
      }
      return this;
    }

    /// Takes the process away without warning, as `kill -9` does.
    Ended kill() throws IOException, InterruptedException {
      process.destroyForcibly();
      return await();
    }

    /// Sends a signal by name.
    Started signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
          .inheritIO()
          .start()
          .waitFor();
      return this;
    }

    /// Waits for the end.
    Ended await() throws IOException, InterruptedException {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("the program did not end within " + PATIENCE);
      }
      Duration duration = Duration.ofNanos(System.nanoTime() - since);
      return new Ended(
          process.exitValue(), Files.readString(out), Files.readString(error), duration);
    }
  }
}
