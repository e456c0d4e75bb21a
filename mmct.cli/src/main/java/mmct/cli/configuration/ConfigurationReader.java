package mmct.cli.configuration;

import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
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
  public record Written(String name, Settings settings) {
    /// The same with other settings laid over.
    public Written with(Settings over) {
      return new Written(name, over.over(settings));
    }

    /// The configuration of the run, defaults included.
    ///
    /// @throws ConfigurationException where it cannot be used
    public ResolvedConfiguration resolve(Catalogue catalogue) {
      return new ResolvedConfiguration(name, Defaults.fill(settings, catalogue), settings);
    }
  }

  /// A place where a configuration is written.
  private sealed interface Source {
    /// How errors and comments call it.
    String label();

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
    public Optional<Path> folder() {
      return Optional.ofNullable(path.toAbsolutePath().getParent());
    }
  }

  private Written read(Source source) {
    Settings settings = merged(source, new LinkedHashSet<>()).over(Settings.empty());
    return new Written(name(source), settings);
  }

  private static String name(Source source) {
    return switch (source) {
      case Preset preset -> preset.name();
      case Yaml yaml -> String.valueOf(yaml.path().getFileName()).replaceFirst("\\.ya?ml$", "");
    };
  }

  private Settings merged(Source source, Set<String> chain) {
    if (!chain.add(source.label())) {
      throw new ConfigurationException(
          "a configuration cannot extend itself: %s extends %s"
              .formatted(String.join(" extends ", chain), source.label()));
    }
    Settings own = YamlReader.read(text(source), source.label(), source.folder());
    Optional<String> base = own.text(EXTENDS);
    Settings rest = own.without(Set.of(EXTENDS));
    if (base.isEmpty()) {
      return rest;
    }
    try {
      return rest.over(merged(sourceOf(base.get(), source), chain));
    } catch (ConfigurationException e) {
      throw e;
    } catch (MmctException e) {
      throw new ConfigurationException(EXTENDS + own.where(EXTENDS) + ": " + e.getMessage(), e);
    }
  }

  private static Source sourceOf(String name, Source extending) {
    if (!name.endsWith(".yaml") && !name.endsWith(".yml")) {
      return new Preset(name);
    }
    return switch (extending) {
      case Preset preset ->
          throw new ConfigurationException(preset.label() + " extends a file, " + name);
      case Yaml yaml -> new Yaml(yaml.path().resolveSibling(name).normalize());
    };
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
