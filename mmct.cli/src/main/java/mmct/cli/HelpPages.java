package mmct.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Shapes what `--help` shows: descriptions as paragraphs, and in the list of commands the whole
/// first sentence of each. picocli would show the first line of it.
final class HelpPages {
  private HelpPages() {}

  /// Shapes the pages of a command and of those below it.
  static void shape(CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.description(String.join(" ", usage.description()));
    command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpPages::commands);
    command.getSubcommands().values().forEach(HelpPages::shape);
  }

  private static String commands(Help help) {
    Map<String, String> rows = new LinkedHashMap<>();
    help.subcommands()
        .forEach(
            (name, command) ->
                rows.put(
                    name,
                    firstSentence(
                        String.join(" ", command.commandSpec().usageMessage().description()))));
    return rows.isEmpty() ? "" : help.createTextTable(rows).toString();
  }

  private static String firstSentence(String text) {
    return text.split("(?<=\\.) ", 2)[0];
  }
}
