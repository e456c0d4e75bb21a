package mmct.cli.configuration;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.io.RegularFiles;
import mmct.api.spi.Catalogue;
import mmct.api.training.Defaults;

/// Reads presets and configuration files together with what they extend.
///
/// `extends: NAME` lays a configuration over the preset of that name; `extends: FILE`, where FILE
/// ends in `.yaml` or `.yml`, over that file, relative to the one that says so.
public final class ConfigurationReader {
  private static final String EXTENDS = "extends";

  private final Presets presets;

  /// Creates a reader.
  @Inject
  public ConfigurationReader(Presets presets) {
    this.presets = presets;
  }

  /// Reads a preset.
  public Written preset(String name) {
    return read(new Preset(name));
  }

  /// Reads a file.
  public Written file(Path file) {
    return read(new Yaml(file));
  }

  /// What was written, before defaults.
  ///
  /// @param name the preset's name, or the file's without its ending
  /// @param settings the merged tree
  /// @param notes one sentence for everything that one layer took from another without saying so
  public record Written(String name, Settings settings, List<String> notes) {
    /// Copies the list.
    public Written {
      notes = List.copyOf(notes);
    }

    /// Settings with nothing to say about them.
    public Written(String name, Settings settings) {
      this(name, settings, List.of());
    }

    /// The same with other settings laid over.
    public Written with(Settings over) {
      Layers laid = Layers.of(over, settings);
      return new Written(name, laid.settings(), joined(notes, laid.notes()));
    }

    /// The same with all that was laid over its first layers as if it had been written at once.
    public Written asOneLayer(int layers) {
      return new Written(name, settings.asOneLayer(layers), notes);
    }

    /// The configuration of the run, defaults included.
    ///
    /// @throws ConfigurationException where it cannot be used
    public ResolvedConfiguration resolve(Catalogue catalogue) {
      List<String> further = new ArrayList<>();
      Settings filled = Defaults.fill(settings, catalogue, further::add);
      return new ResolvedConfiguration(name, filled, settings, joined(notes, further));
    }
  }

  private static List<String> joined(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  /// A place where a configuration is written.
  private sealed interface Source {
    /// How errors and comments call it.
    String label();

    /// What it has in common with no other source, whatever path leads to it.
    default String identity() {
      return label();
    }

    /// Where its relative paths start.
    default Optional<Path> folder() {
      return Optional.empty();
    }
  }

  private record Preset(String name) implements Source {
    @Override
    public String label() {
      return "preset " + name;
    }
  }

  private record Yaml(Path path) implements Source {
    @Override
    public String label() {
      return path.toString();
    }

    @Override
    public String identity() {
      try {
        return path.toRealPath().toString();
      } catch (IOException e) {
        return label(); // told when it is read
      }
    }

    @Override
    public Optional<Path> folder() {
      return Optional.ofNullable(path.toAbsolutePath().getParent());
    }
  }

  private Written read(Source source) {
    Written merged = merged(source, new LinkedHashSet<>());
    return new Written(name(source), merged.settings().over(Settings.empty()), merged.notes());
  }

  private static String name(Source source) {
    return switch (source) {
      case Preset preset -> preset.name();
      case Yaml yaml -> String.valueOf(yaml.path().getFileName()).replaceFirst("\\.ya?ml$", "");
    };
  }

  private Written merged(Source source, Set<String> chain) {
    if (!chain.add(source.identity())) {
      throw new ConfigurationException(
          "a configuration cannot extend itself: %s extends %s"
              .formatted(String.join(" extends ", chain), source.identity()));
    }
    Settings own = YamlReader.read(text(source), source.label(), source.folder());
    Optional<String> base = own.text(EXTENDS);
    Settings rest = own.without(Set.of(EXTENDS));
    if (base.isEmpty()) {
      requireContent(own, source);
      return new Written(source.label(), rest);
    }
    try {
      Written below = merged(sourceOf(base.get(), source), chain);
      Written laid = below.with(rest);
      // What a preset takes from another one is its author's business.
      return source instanceof Preset ? new Written(laid.name(), laid.settings()) : laid;
    } catch (ConfigurationException e) {
      throw e;
    } catch (MmctException e) {
      throw new ConfigurationException(EXTENDS + own.where(EXTENDS) + ": " + e.getMessage(), e);
    }
  }

  private static void requireContent(Settings own, Source source) {
    if (own.keys().isEmpty()) {
      throw new ConfigurationException(
          "%s sets nothing; a configuration names its modalities and objectives, or what it extends"
              .formatted(source.label()));
    }
  }

  private static Source sourceOf(String name, Source extending) {
    boolean isFile = name.matches("(?i).*\\.ya?ml");
    return switch (extending) {
      case Preset preset when isFile ->
          throw new ConfigurationException(preset.label() + " extends a file, " + name);
      case Yaml yaml when isFile -> new Yaml(sibling(yaml.path(), name));
      case Yaml yaml when name.matches(".*[/\\\\].*") ->
          throw new MmctException(
              "the name of a file that is extended ends in .yaml or .yml but was '" + name + "'");
      case Preset _, Yaml _ -> new Preset(name);
    };
  }

  private static Path sibling(Path file, String name) {
    try {
      return file.resolveSibling(name).normalize();
    } catch (InvalidPathException e) {
      throw new MmctException("'" + name.replace("\u0000", "\\0") + "' is no path", e);
    }
  }

  private String text(Source source) {
    return switch (source) {
      case Preset preset -> presets.text(preset.name());
      case Yaml yaml -> textOf(yaml.path());
    };
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(RegularFiles.require(file));
    } catch (NoSuchFileException e) {
      throw new MmctException("the configuration " + file + " does not exist", e);
    } catch (CharacterCodingException e) {
      throw new MmctException("the configuration " + file + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new MmctException(
          Files.isDirectory(file)
              ? "the configuration " + file + " is a folder"
              : "the configuration %s cannot be read: %s".formatted(file, e.getMessage()),
          e);
    }
  }
}
