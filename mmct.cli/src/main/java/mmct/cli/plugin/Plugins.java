package mmct.cli.plugin;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.spi.Catalogue;

/// Loads the jars of plugin folders as modules over the program's own, each with a class loader of
/// its own, so that two plugins may bring the same library.
public final class Plugins {
  private Plugins() {}

  /// Finds the providers of the program and of the jars in the folders given.
  ///
  /// @param folders those that do not exist are as good as empty
  /// @throws MmctException naming the jar that cannot be used
  public static Catalogue load(List<Path> folders) {
    Map<String, Path> jars = new TreeMap<>();
    for (Path folder : folders) {
      for (Path jar : jars(folder)) {
        add(jar, jars);
      }
    }
    jars.keySet().removeAll(namesOf(ModuleLayer.boot()));
    return jars.isEmpty() ? Catalogue.load() : load(jars);
  }

  private static List<Path> jars(Path folder) {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
        files.forEach(jars::add);
      } catch (IOException e) {
        throw new MmctException("the plugin folder " + folder + " cannot be read", e);
      }
    }
    jars.sort(null);
    return jars;
  }

  private static void add(Path jar, Map<String, Path> jars) {
    for (ModuleReference module : modulesOf(jar)) {
      String name = module.descriptor().name();
      Path before = jars.put(name, jar);
      if (before != null && !before.toAbsolutePath().equals(jar.toAbsolutePath())) {
        throw new MmctException(
            "the plugins %s and %s are both the module %s; remove one"
                .formatted(before, jar, name));
      }
    }
  }

  private static Collection<ModuleReference> modulesOf(Path jar) {
    try {
      return ModuleFinder.of(jar).findAll();
    } catch (FindException e) {
      throw unusable(List.of(jar), e);
    }
  }

  private static Set<String> namesOf(ModuleLayer layer) {
    return layer.configuration().modules().stream()
        .map(ResolvedModule::name)
        .collect(Collectors.toSet());
  }

  private static Catalogue load(Map<String, Path> jars) {
    ModuleFinder finder = ModuleFinder.of(jars.values().toArray(Path[]::new));
    Configuration program = ModuleLayer.boot().configuration();
    try {
      Configuration plugins = program.resolveAndBind(ModuleFinder.of(), finder, jars.keySet());
      return Catalogue.load(
          ModuleLayer.boot()
              .defineModulesWithManyLoaders(plugins, ClassLoader.getSystemClassLoader()));
    } catch (FindException | ResolutionException e) {
      throw unusable(unresolvable(program, finder, jars), e);
    } catch (ServiceConfigurationError | LinkageError | LayerInstantiationException e) {
      throw unusable(namedIn(String.valueOf(e.getMessage()), finder, jars), e);
    }
  }

  /// The first jar that cannot be resolved by itself.
  private static List<Path> unresolvable(
      Configuration program, ModuleFinder finder, Map<String, Path> jars) {
    for (Map.Entry<String, Path> jar : jars.entrySet()) {
      try {
        program.resolve(ModuleFinder.of(), finder, Set.of(jar.getKey()));
      } catch (FindException | ResolutionException e) {
        return List.of(jar.getValue());
      }
    }
    return List.copyOf(jars.values());
  }

  /// The jar whose provider a message names.
  private static List<Path> namedIn(String message, ModuleFinder finder, Map<String, Path> jars) {
    for (Map.Entry<String, Path> jar : jars.entrySet()) {
      boolean named =
          finder.find(jar.getKey()).orElseThrow().descriptor().provides().stream()
              .flatMap(service -> service.providers().stream())
              .anyMatch(message::contains);
      if (named) {
        return List.of(jar.getValue());
      }
    }
    return List.copyOf(jars.values());
  }

  private static MmctException unusable(List<Path> jars, Throwable failure) {
    Throwable reason = failure;
    while (reason.getCause() != null) {
      reason = reason.getCause();
    }
    String names = jars.stream().map(Path::toString).collect(Collectors.joining(", "));
    return new MmctException(
        "the plugin %s cannot be used: %s".formatted(names, reason.getMessage()), failure);
  }
}
