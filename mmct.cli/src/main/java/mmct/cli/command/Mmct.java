package mmct.cli.command;

import jakarta.inject.Inject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import mmct.api.MmctException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The program itself: holds the commands, and the options that every command takes.
@Command(
    name = "mmct",
    description = "Trains encoders of several modalities by contrasting what belongs together.",
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      EmbedCommand.class,
      CompareCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      ScoreCommand.class,
      ListCommand.class,
      DescribeCommand.class,
      DataCommand.class,
      ReferenceCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Mmct.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    footer = "%nWithout a configuration, mmct train runs the preset quickstart on built-in data.")
public final class Mmct implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces and what libraries log.")
  private boolean debug;

  @Option(
      names = "--plugins",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "One more folder of jars to load, beside plugins/ (or MMCT_PLUGINS).")
  private Optional<Path> plugins = Optional.empty();

  /// Called by Guice.
  @Inject
  public Mmct() {}

  /// Whether stack traces are wanted.
  public boolean debug() {
    return debug;
  }

  /// The folders of plugins: the packaged program's own, those of the environment, the option's.
  public List<Path> pluginFolders() {
    List<Path> folders = new ArrayList<>();
    Optional.ofNullable(System.getProperty("mmct.home"))
        .ifPresent(home -> folders.add(Path.of(home, "plugins")));
    String named = Objects.requireNonNullElse(System.getenv("MMCT_PLUGINS"), "");
    Arrays.stream(named.split(File.pathSeparator))
        .filter(folder -> !folder.isBlank())
        .forEach(folder -> folders.add(Path.of(folder)));
    plugins.ifPresent(folder -> folders.add(existing(folder)));
    return folders;
  }

  private static Path existing(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new MmctException("--plugins must be a folder but there is none at " + folder);
    }
    return folder;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is needed: " + String.join(", ", spec.subcommands().keySet()));
  }

  /// The program's version, which is that of its module.
  static final class Version implements CommandLine.IVersionProvider {
    @Inject
    Version() {}

    @Override
    public String[] getVersion() {
      return new String[] {
        "mmct %s (Java %s)"
            .formatted(
                Mmct.class.getModule().getDescriptor().rawVersion().orElse("of unknown version"),
                Runtime.version())
      };
    }
  }
}
