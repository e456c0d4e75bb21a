package mmct.cli;

import com.google.inject.Guice;
import com.google.inject.Injector;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import mmct.cli.command.Mmct;
import mmct.cli.command.StopOnSignal;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine;

/// Starts the program.
public final class Main {
  private static final String LIBRARIES = "";

  private Main() {}

  /// Runs one command and exits with 0 on success, 1 on failure, 2 on wrong usage.
  public static void main(String[] arguments) {
    // What is printed is English, numbers included, wherever the program runs.
    Locale.setDefault(Locale.ROOT);
    System.exit(run(Terminal.ofProcess(), arguments));
  }

  /// Runs one command.
  ///
  /// @return the exit code
  static int run(Terminal terminal, String... arguments) {
    quieten(false);
    TerminalLog.take(terminal);
    // Guice would otherwise generate classes at run time, which named modules forbid.
    System.setProperty("guice_custom_class_loading", "OFF");
    Injector injector = Guice.createInjector(new Composition(terminal, arguments));
    Mmct mmct = injector.getInstance(Mmct.class);
    Failures failures = new Failures(terminal, mmct);
    CommandLine program =
        new CommandLine(mmct, new Instances(injector))
            .setOut(terminal.writer())
            .setErr(terminal.errorWriter())
            .setUsageHelpWidth(100)
            // The terminal takes no control sequences but its own.
            .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
            .setExecutionStrategy(
                parsed -> {
                  requireUnderstood(parsed);
                  quieten(mmct.debug());
                  return new CommandLine.RunLast().execute(parsed);
                })
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    HelpPages.shape(program);
    int exitCode;
    try {
      exitCode = program.execute(arguments);
    } catch (Error e) {
      // Out of memory, or a plugin made for another version: picocli lets these pass.
      exitCode = failures.tell(e);
    } finally {
      injector.getInstance(StopOnSignal.class).commandEnded();
    }
    return failures.tellOutput(exitCode);
  }

  /// picocli lets words pass that it does not understand where help is asked for beside them.
  private static void requireUnderstood(CommandLine.ParseResult parsed) {
    for (CommandLine command : parsed.asCommandLineList()) {
      List<String> words = command.getParseResult().unmatched();
      if (!words.isEmpty()) {
        throw new CommandLine.UnmatchedArgumentException(command, words);
      }
    }
  }

  /// What libraries log is for developers.
  private static void quieten(boolean debug) {
    System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%6$s%n");
    Logger.getLogger(LIBRARIES).setLevel(debug ? Level.INFO : Level.SEVERE);
  }

  /// Lets Guice create the program's own classes and picocli the rest.
  private record Instances(Injector injector) implements CommandLine.IFactory {
    @Override
    public <T> T create(Class<T> type) throws Exception {
      return type.getModule() == Main.class.getModule()
          ? injector.getInstance(type)
          : CommandLine.defaultFactory().create(type);
    }
  }
}
