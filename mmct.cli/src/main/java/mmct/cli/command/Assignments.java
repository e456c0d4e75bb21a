package mmct.cli.command;

import java.util.List;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Reads what `--set` says.
final class Assignments {
  private Assignments() {}

  /// The assignments laid together; of two to one key the later wins.
  static Settings of(List<String> assignments, CommandSpec command) {
    Settings settings = Settings.empty();
    for (String assignment : assignments) {
      try {
        settings = Settings.assignment(assignment).over(settings);
      } catch (ConfigurationException e) {
        throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }
    return settings;
  }
}
