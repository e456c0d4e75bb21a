package mmct.cli.command;

import jakarta.inject.Inject;
import mmct.cli.configuration.ResolvedConfiguration;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `mmct describe`: the configuration of a run before it is started.
@Command(
    name = "describe",
    description = "Show a configuration with every default, and where each value comes from.")
public final class DescribeCommand implements Runnable {
  @Mixin private ConfigurationOptions configuration;

  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public DescribeCommand(ConfigurationOptions configuration, Terminal terminal) {
    this.configuration = configuration;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    ResolvedConfiguration resolved = configuration.resolved(configuration.written(), "# note: ");
    terminal.line("# " + resolved.name() + ", resolved; it can be used with --config");
    terminal.writer().print(resolved.describe());
    terminal.writer().flush();
  }
}
