package mmct.cli.plugin;

import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which modules of plugins fit together over the program.
///
/// @param program what is there already
/// @param jars by module, the jars that can be taken
record PluginLayers(ModuleLayer program, Map<String, InspectedJar> jars) {
  /// Why a plugin cannot be loaded together with others; empty where it can.
  ///
  /// @param others modules that can be loaded together
  Optional<String> obstacle(Set<String> others, InspectedJar jar) {
    Optional<String> alone = failure(Set.of(jar.module()));
    if (alone.isPresent()) {
      return Optional.of(missing(jar.module(), new LinkedHashSet<>()).orElse(alone.get()));
    }
    Set<String> all = new LinkedHashSet<>(others);
    all.add(jar.module());
    return failure(all);
  }

  private Optional<String> failure(Set<String> roots) {
    try {
      define(roots);
      return Optional.empty();
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String why = String.valueOf(cause.getMessage()).replaceAll("\\s*\\R\\s*", " ");
      return Optional.of(
          why.contains("package")
              ? why + "; a package belongs to one module, so rename it or leave one of the jars out"
              : why);
    }
  }

  /// The first module that is required, directly or not, but is nowhere.
  private Optional<String> missing(String module, Set<String> seen) {
    InspectedJar jar = jars.get(module);
    if (jar == null) {
      return Optional.empty();
    }
    for (Requires needed : jar.descriptor().requires()) {
      if (needed.modifiers().contains(Requires.Modifier.STATIC) || !seen.add(needed.name())) {
        continue;
      }
      if (!jars.containsKey(needed.name()) && program.findModule(needed.name()).isEmpty()) {
        return Optional.of(nowhere(module, needed.name()));
      }
      Optional<String> further = missing(needed.name(), seen);
      if (further.isPresent()) {
        return further;
      }
    }
    return Optional.empty();
  }

  private static String nowhere(String module, String needed) {
    return ModuleFinder.ofSystem().find(needed).isPresent()
        ? "the module %s requires %s, a part of Java that the program does without; start it with MMCT_JAVA_OPTS=--add-modules=%s"
            .formatted(module, needed, needed)
        : "the module %s requires %s, which neither the program nor a jar beside it has; put that jar into the same folder"
            .formatted(module, needed);
  }

  /// The modules that are loaded with some.
  Set<String> resolved(Set<String> roots) {
    return configuration(roots).modules().stream()
        .map(ResolvedModule::name)
        .collect(Collectors.toSet());
  }

  /// Loads some modules and what they require.
  ModuleLayer define(Collection<String> roots) {
    return program.defineModulesWithManyLoaders(
        configuration(roots), ClassLoader.getSystemClassLoader());
  }

  private Configuration configuration(Collection<String> roots) {
    Configuration required = configuration(roots, jars.keySet(), false);
    Set<String> allowed =
        required.modules().stream().map(ResolvedModule::name).collect(Collectors.toSet());
    jars.values().stream()
        .filter(jar -> !jar.hasProviders())
        .forEach(jar -> allowed.add(jar.module()));
    try {
      // Libraries among the jars may provide services to one another.
      return configuration(roots, allowed, true);
    } catch (FindException | ResolutionException e) {
      return required;
    }
  }

  private Configuration configuration(
      Collection<String> roots, Set<String> allowed, boolean services) {
    Configuration parent = program.configuration();
    ModuleFinder finder =
        ModuleFinder.of(
            jars.values().stream()
                .filter(jar -> allowed.contains(jar.module()))
                .map(InspectedJar::file)
                .toArray(Path[]::new));
    return services
        ? parent.resolveAndBind(ModuleFinder.of(), finder, roots)
        : parent.resolve(ModuleFinder.of(), finder, roots);
  }
}
