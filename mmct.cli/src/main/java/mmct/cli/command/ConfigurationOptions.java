package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.spi.Catalogue;
import mmct.cli.configuration.ConfigurationReader;
import mmct.cli.configuration.ConfigurationReader.Written;
import mmct.cli.configuration.Presets;
import mmct.cli.configuration.ResolvedConfiguration;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say which configuration is meant. What is further right in this list wins: what
/// the configuration extends, the configuration, `--data`, `--set` in the order written.
public final class ConfigurationOptions {
  /// The preset of those who name none.
  static final String DEFAULT_PRESET = "quickstart";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "A configuration that comes with the program; mmct list shows them.")
  private Optional<String> preset = Optional.empty();

  @Option(names = "--config", paramLabel = "FILE", description = "A configuration of your own.")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "A CSV manifest, a folder in COCO's format, or what a provider reads.")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Replace one value, such as --set optimizer.lr=0.1; may be repeated.")
  private List<String> assignments = new ArrayList<>();

  private final Presets presets;
  private final ConfigurationReader reader;
  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public ConfigurationOptions(
      Presets presets,
      ConfigurationReader reader,
      Provider<Catalogue> catalogue,
      Terminal terminal) {
    this.presets = presets;
    this.reader = reader;
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  /// The configuration that the options describe.
  Written written() {
    return written(Optional.empty());
  }

  /// The configuration that the options describe.
  ///
  /// @param otherwise the file to read where neither preset nor file is named
  Written written(Optional<Path> otherwise) {
    if (preset.isPresent() && config.isPresent()) {
      throw wrong(
          "--preset and --config exclude each other; a file may say extends: " + preset.get());
    }
    Optional<Path> file = preset.isPresent() ? Optional.empty() : config.or(() -> otherwise);
    Written base = file.map(reader::file).orElseGet(this::presetOrDefault);
    Written changed = base;
    for (Settings change : changes(base.settings())) {
      changed = changed.with(change);
    }
    // What one command line says of a kind and of its settings belongs together.
    return changed.asOneLayer(base.settings().layers());
  }

  /// The configuration with its defaults, after what it leaves out has been told.
  ResolvedConfiguration resolved(Written written) {
    return resolved(written, "note: ");
  }

  /// The configuration with its defaults.
  ///
  /// @param opening what stands before each line that tells what it leaves out
  ResolvedConfiguration resolved(Written written, String opening) {
    ResolvedConfiguration resolved = written.resolve(catalogue.get());
    resolved.notes().forEach(note -> terminal.line(opening + note));
    return resolved;
  }

  private Written presetOrDefault() {
    String name = preset.orElse(DEFAULT_PRESET);
    try {
      // Only the name is the user's: a mistake in it is one of usage.
      presets.text(name);
    } catch (MmctException e) {
      throw wrong(e.getMessage());
    }
    return reader.preset(name);
  }

  private List<Settings> changes(Settings base) {
    List<Settings> changes = new ArrayList<>();
    data.ifPresent(path -> changes.addAll(dataAt(path, base)));
    for (String assignment : assignments) {
      try {
        changes.add(Settings.assignment(assignment));
      } catch (ConfigurationException e) {
        throw wrong(e.getMessage());
      }
    }
    return changes;
  }

  /// Data without a path is generated: a path replaces its type and options too.
  private static List<Settings> dataAt(Path path, Settings base) {
    String origin = "--data " + path;
    Settings at = Settings.at("data.path", path.toString(), origin);
    return base.child("data").has("path")
        ? List.of(at)
        : List.of(
            Settings.at("data.type", null, origin), Settings.at("data.options", null, origin), at);
  }

  private ParameterException wrong(@org.jspecify.annotations.Nullable String sentence) {
    return new ParameterException(command.commandLine(), String.valueOf(sentence));
  }
}
