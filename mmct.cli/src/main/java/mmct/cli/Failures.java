package mmct.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mmct.api.MmctException;
import mmct.api.config.NearName;
import mmct.api.io.AtomicFiles;
import mmct.cli.command.Mmct;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Ends a command that failed: one sentence on the error stream, the stack trace only where
/// `--debug` asks for it.
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final int FAILURE = 1;
  private static final int WRONG_USAGE = 2;
  private static final Pattern NEEDED = Pattern.compile("[Tt]ried to allocate ([\\d.]+ \\w+)");

  private final Terminal terminal;
  private final Mmct options;

  Failures(Terminal terminal, Mmct options) {
    this.terminal = terminal;
    this.options = options;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    return tell(failure);
  }

  /// Tells a failure.
  ///
  /// @return the exit code
  int tell(Throwable failure) {
    return tell(sentence(failure), failure, FAILURE);
  }

  /// Tells that something of what the command printed did not arrive, such as on a full disk.
  ///
  /// @return the exit code, that of the command unless it says that all went well
  int tellOutput(int exitCode) {
    return terminal
        .outputFailure()
        .map(
            reason -> {
              terminal.error(
                  "mmct: the standard output cannot be written: %s; what was printed is incomplete"
                      .formatted(reason));
              return exitCode == 0 ? FAILURE : exitCode;
            })
        .orElse(exitCode);
  }

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    String sentence =
        mistake instanceof UnmatchedArgumentException unmatched
            ? unmatched(unmatched, command)
            : lowerFirst(String.valueOf(mistake.getMessage()));
    String help = command.getCommandSpec().qualifiedName() + " --help";
    return tell("%s (see %s)".formatted(sentence, help), mistake, WRONG_USAGE);
  }

  private int tell(String sentence, Throwable failure, int exitCode) {
    // A message that quotes a library may have several lines.
    terminal.error("mmct: " + sentence.strip().replaceAll("\\s*\\R\\s*", " "));
    if (options.debug()) {
      failure.printStackTrace(terminal.errorWriter());
    }
    return exitCode;
  }

  private static String unmatched(UnmatchedArgumentException mistake, CommandLine command) {
    String word = mistake.getUnmatched().getFirst();
    if (word.startsWith("-")) {
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return unknown("option", name, optionNames(command));
    }
    Collection<String> commands = command.getSubcommands().keySet();
    return commands.isEmpty()
        ? "'%s' is one word too many".formatted(word)
        : unknown("command", word, commands);
  }

  private static String unknown(String kind, String name, Collection<String> known) {
    return "unknown %s '%s'%s; there are %s"
        .formatted(kind, name, NearName.suggestion(name, known), String.join(", ", known));
  }

  private static List<String> optionNames(CommandLine command) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        names.add(option.longestName());
      }
    }
    return names;
  }

  /// The reason in one sentence: that of the first cause which was written for users.
  static String sentence(Throwable failure) {
    for (Throwable it : causes(failure)) {
      if (it instanceof MmctException told) {
        return Objects.requireNonNullElse(told.getMessage(), "failed");
      }
    }
    return causes(failure).stream()
        .flatMap(it -> known(it).stream())
        .findFirst()
        .orElseGet(
            () ->
                "failed unexpectedly: %s; --debug shows where"
                    .formatted(firstLine(causes(failure).getLast())));
  }

  private static Optional<String> known(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException missing -> Optional.of(missing.getFile() + " does not exist");
      case AccessDeniedException denied -> Optional.of("permission denied for " + denied.getFile());
      case FileSystemException system ->
          Optional.of("%s: %s".formatted(system.getFile(), AtomicFiles.reason(system)));
      case IOException io -> Optional.of("reading or writing failed: " + AtomicFiles.reason(io));
      case OutOfMemoryError memory ->
          Optional.of(
              "out of memory; a smaller batch needs less, MMCT_JAVA_OPTS=-Xmx8g allows more");
      default -> outOfMemory(String.valueOf(failure.getMessage()));
    };
  }

  /// libtorch tells only in words that an array does not fit.
  private static Optional<String> outOfMemory(String message) {
    Matcher needed = NEEDED.matcher(message);
    return needed.find()
        ? Optional.of(
            "out of memory: an array of %s does not fit; a shorter queue, a smaller batch or narrower spaces need less"
                .formatted(needed.group(1)))
        : Optional.empty();
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable it = failure; it != null && !causes.contains(it); it = it.getCause()) {
      causes.add(it);
    }
    return causes;
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("unknown");
  }

  private static String lowerFirst(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
