package mmct.cli.command;

import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.cli.comparison.RunComparison;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mmct compare RUN...`: puts runs side by side.
@Command(
    name = "compare",
    description = {
      "Put runs side by side: the settings in which they differ, their figures and last terms.",
      "A dash stands for what a run does not have."
    })
public final class CompareCommand implements Runnable {
  @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run folders.")
  private List<Path> runs = new ArrayList<>();

  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public CompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    RunComparison.lines(runs).forEach(terminal::line);
  }
}
