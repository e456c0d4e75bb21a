package mmct.cli.command;

import jakarta.inject.Inject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mmct data`: holds the commands that look at datasets.
@Command(
    name = "data",
    description = "Look at a dataset.",
    subcommands = DataCheckCommand.class,
    synopsisSubcommandLabel = "COMMAND")
public final class DataCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /// Called by Guice.
  @Inject
  public DataCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed: check");
  }
}
