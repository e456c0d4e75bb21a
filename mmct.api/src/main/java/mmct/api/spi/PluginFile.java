package mmct.api.spi;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import mmct.api.io.Checksums;
import org.jspecify.annotations.Nullable;

/// A jar, or a folder of classes, that adds to the program: one with providers, or one that such a
/// one brings along.
///
/// @param module the module's name; empty on the class path
/// @param version as the module or the jar's manifest says
/// @param file empty where it is not known
public record PluginFile(Optional<String> module, Optional<String> version, Optional<Path> file) {
  /// Those of some objects and layers, each once. What belongs to the toolkit is left out.
  static List<PluginFile> of(Collection<?> added, Collection<ModuleLayer> layers) {
    Set<PluginFile> files = new LinkedHashSet<>();
    Set<ModuleLayer> over = new LinkedHashSet<>(layers);
    for (Object each : added) {
      Class<?> type = Guard.target(each).getClass();
      if (Origin.isPlugin(type)) {
        over.add(type.getModule().getLayer());
      } else if (!Origin.isToolkit(type)) {
        files.add(of(type));
      }
    }
    for (ModuleLayer layer : over) {
      layer.configuration().modules().stream()
          .map(
              it ->
                  of(
                      it.reference().descriptor(),
                      it.reference().location().flatMap(PluginFile::path)))
          .sorted((one, other) -> one.name().compareTo(other.name()))
          .forEach(files::add);
    }
    return List.copyOf(files);
  }

  private static PluginFile of(Class<?> type) {
    Optional<Path> file = Origin.place(type).map(Path::of).filter(Files::exists);
    @Nullable ModuleDescriptor module = type.getModule().getDescriptor();
    return module == null
        ? new PluginFile(Optional.empty(), file.flatMap(PluginFile::manifestVersion), file)
        : of(module, file);
  }

  private static PluginFile of(ModuleDescriptor module, Optional<Path> file) {
    return new PluginFile(
        Optional.of(module.name()),
        module.rawVersion().or(() -> file.flatMap(PluginFile::manifestVersion)),
        file);
  }

  private String name() {
    return module.orElse("");
  }

  private static Optional<Path> path(URI location) {
    try {
      return Optional.of(Path.of(location));
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> manifestVersion(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (JarFile jar = new JarFile(file.toFile())) {
      return Optional.ofNullable(jar.getManifest())
          .map(it -> it.getMainAttributes().getValue("Implementation-Version"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// As it is written down: what is known of `module`, `version`, `file` and, of a jar, `sha256`.
  ///
  /// @throws mmct.api.MmctException where the jar cannot be read any more
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    module.ifPresent(it -> map.put("module", it));
    version.ifPresent(it -> map.put("version", it));
    file.ifPresent(it -> map.put("file", it.toString()));
    file.filter(Files::isRegularFile).ifPresent(it -> map.put("sha256", Checksums.of(it)));
    return map;
  }
}
