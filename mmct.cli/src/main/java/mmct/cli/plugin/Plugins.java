package mmct.cli.plugin;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ResolvedModule;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.spi.ApiVersion;
import mmct.api.spi.Catalogue;
import mmct.api.spi.SetAside;

/// Loads the jars of plugin folders as modules over the program's own, each with a class loader of
/// its own, so that two plugins may bring the same library. A jar that cannot be used is set aside
/// with the reason, and takes neither the others nor the program with it.
public final class Plugins {
  private final ModuleLayer program = ModuleLayer.boot();
  private final List<SetAside> setAside = new ArrayList<>();
  private final Map<String, InspectedJar> jars = new LinkedHashMap<>();

  private Plugins() {}

  /// Finds the providers of the program and of the jars in the folders given.
  ///
  /// @param folders those that do not exist are as good as empty
  /// @param warnings takes a sentence on everything that is set aside
  /// @throws MmctException where a folder cannot be read
  public static Catalogue load(List<Path> folders, Consumer<String> warnings) {
    Plugins plugins = new Plugins();
    Set<Path> files = new LinkedHashSet<>();
    folders.forEach(folder -> files.addAll(jars(folder)));
    plugins.inspect(files);
    Catalogue catalogue = plugins.catalogue();
    plugins.jars.values().stream()
        .filter(jar -> jar.api().isEmpty() && jar.hasProviders())
        .forEach(jar -> warnings.accept(silent(jar)));
    catalogue.setAside().forEach(each -> warnings.accept(each.told()));
    return catalogue;
  }

  private static String silent(InspectedJar jar) {
    return "the plugin %s does not say what it is compiled with; write %s: %s into its manifest, as the tutorial's POM does"
        .formatted(jar.file(), ApiVersion.ATTRIBUTE, ApiVersion.CURRENT);
  }

  private static List<Path> jars(Path folder) {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
        files.forEach(file -> jars.add(file.toAbsolutePath().normalize()));
      } catch (IOException e) {
        throw new MmctException("the plugin folder " + folder + " cannot be read", e);
      }
    }
    jars.sort(null);
    return jars;
  }

  /// Looks into every jar. What the program has already is left alone.
  private void inspect(Set<Path> files) {
    Set<String> there =
        program.configuration().modules().stream()
            .map(ResolvedModule::name)
            .collect(Collectors.toSet());
    Map<String, List<InspectedJar>> named = new LinkedHashMap<>();
    for (Path file : files) {
      try {
        InspectedJar jar = InspectedJar.read(file);
        if (!there.contains(jar.module())) {
          named.computeIfAbsent(jar.module(), name -> new ArrayList<>()).add(jar);
        }
      } catch (UnusableJarException e) {
        setAside.add(SetAside.plugin(file.toString(), e.kinds(), e.getMessage()));
      }
    }
    named.forEach(this::takeOne);
  }

  /// Which of two jars of one name was meant cannot be known.
  private void takeOne(String module, List<InspectedJar> all) {
    if (all.size() == 1) {
      jars.put(module, all.getFirst());
      return;
    }
    for (InspectedJar jar : all) {
      String others =
          all.stream()
              .filter(other -> !other.equals(jar))
              .map(other -> other.file().toString())
              .collect(Collectors.joining(" and "));
      setAside(jar, "%s is the module %s too; remove one of them".formatted(others, module));
    }
  }

  private void setAside(InspectedJar jar, String reason) {
    setAside.add(SetAside.plugin(jar.file().toString(), jar.kinds(), reason));
  }

  private Catalogue catalogue() {
    PluginLayers layers = new PluginLayers(program, jars);
    Map<String, InspectedJar> roots = new LinkedHashMap<>();
    for (InspectedJar jar : jars.values()) {
      if (jar.hasProviders()) {
        layers
            .obstacle(roots.keySet(), jar)
            .ifPresentOrElse(reason -> setAside(jar, reason), () -> roots.put(jar.module(), jar));
      }
    }
    Set<String> used = layers.resolved(roots.keySet());
    boolean anyAutomatic =
        roots.values().stream()
            .map(InspectedJar::descriptor)
            .anyMatch(ModuleDescriptor::isAutomatic);
    jars.values().stream()
        .filter(jar -> !jar.hasProviders() && !used.contains(jar.module()) && !anyAutomatic)
        .filter(jar -> !isAskedFor(jar))
        .forEach(jar -> setAside(jar, jar.withoutProviders()));
    Map<String, String> places = new HashMap<>();
    roots
        .values()
        .forEach(jar -> jar.providers().forEach(type -> places.put(type, jar.file().toString())));
    return roots.isEmpty() && setAside.isEmpty()
        ? Catalogue.load()
        : Catalogue.load(layers.define(roots.keySet()), places, setAside);
  }

  /// Whether a plugin that is set aside for another reason would use it.
  private boolean isAskedFor(InspectedJar library) {
    return jars.values().stream()
        .flatMap(jar -> jar.descriptor().requires().stream())
        .anyMatch(needed -> needed.name().equals(library.module()));
  }
}
