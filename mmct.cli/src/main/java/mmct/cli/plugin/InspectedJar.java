package mmct.cli.plugin;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import mmct.api.spi.ApiVersion;

/// A jar of a plugin folder, read but not loaded.
///
/// @param file the jar
/// @param descriptor its module
/// @param api the version of the contracts that it says it is compiled with
record InspectedJar(Path file, ModuleDescriptor descriptor, Optional<ApiVersion> api) {
  private static final String SERVICES = "mmct.";

  /// The kinds of providers by the service that they provide.
  private static final Map<String, String> KINDS =
      Map.of(
          "mmct.api.spi.ModalityProvider", "modality",
          "mmct.api.spi.LossProvider", "loss",
          "mmct.api.spi.PositivesProvider", "positives rule",
          "mmct.api.spi.DatasetProvider", "dataset",
          "mmct.api.spi.EvaluatorProvider", "evaluator",
          "mmct.api.spi.ExporterProvider", "exporter");

  /// Looks into a jar.
  ///
  /// @throws UnusableJarException where it cannot be used, whatever else there is
  static InspectedJar read(Path file) throws UnusableJarException {
    try (JarFile jar = new JarFile(file.toFile())) {
      requireOldEnough(jar, "module-info.class", Set.of());
      ModuleDescriptor descriptor = descriptor(file);
      InspectedJar plugin = new InspectedJar(file, descriptor, api(jar));
      if (plugin.hasProviders()) {
        plugin.requireSameApi();
        for (String provider : plugin.providers()) {
          requireOldEnough(jar, provider.replace('.', '/') + ".class", plugin.kinds());
        }
      }
      return plugin;
    } catch (IOException e) {
      throw new UnusableJarException(
          Set.of(), "it cannot be read as a jar (%s); copy or build it again".formatted(reason(e)));
    }
  }

  private static String reason(IOException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static ModuleDescriptor descriptor(Path file) throws UnusableJarException {
    try {
      return ModuleFinder.of(file).findAll().stream()
          .map(ModuleReference::descriptor)
          .findFirst()
          .orElseThrow(() -> new UnusableJarException(Set.of(), "it holds no module"));
    } catch (FindException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new UnusableJarException(
          Set.of(),
          "it cannot be read as a module: %s; give it a module-info.java, as the tutorial shows"
              .formatted(String.valueOf(cause.getMessage()).replaceAll("\\s*\\R\\s*", " ")));
    }
  }

  /// Refuses a class that this Java cannot load.
  private static void requireOldEnough(JarFile jar, String name, Set<String> kinds)
      throws IOException, UnusableJarException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      return;
    }
    try (InputStream content = jar.getInputStream(entry);
        DataInputStream numbers = new DataInputStream(content)) {
      numbers.readInt();
      numbers.readUnsignedShort();
      int java = numbers.readUnsignedShort() - 44;
      int here = Runtime.version().feature();
      if (java > here) {
        throw new UnusableJarException(
            kinds,
            "it is compiled for Java %d but runs on Java %d; compile it with --release %d"
                .formatted(java, here, here));
      }
    }
  }

  private static Optional<ApiVersion> api(JarFile jar) throws IOException, UnusableJarException {
    Manifest manifest = jar.getManifest();
    Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
    String written = attributes.getValue(ApiVersion.ATTRIBUTE);
    if (written == null) {
      return Optional.empty();
    }
    Optional<ApiVersion> version = ApiVersion.parse(written);
    if (version.isEmpty()) {
      throw new UnusableJarException(
          Set.of(),
          "%s of its manifest must be two numbers such as %s but is '%s'"
              .formatted(ApiVersion.ATTRIBUTE, ApiVersion.CURRENT, written));
    }
    return version;
  }

  private void requireSameApi() throws UnusableJarException {
    if (api.isPresent() && !ApiVersion.CURRENT.runs(api.get())) {
      throw new UnusableJarException(
          kinds(),
          "it is compiled with %s %s but this program has %s; compile it against this program's mmct.api"
              .formatted(ApiVersion.ATTRIBUTE, api.get(), ApiVersion.CURRENT));
    }
  }

  /// The name of its module.
  String module() {
    return descriptor.name();
  }

  /// The names of the classes that provide something to the toolkit.
  List<String> providers() {
    return descriptor.provides().stream()
        .filter(provided -> provided.service().startsWith(SERVICES))
        .flatMap(provided -> provided.providers().stream())
        .toList();
  }

  boolean hasProviders() {
    return !providers().isEmpty();
  }

  /// Of what kinds its providers are.
  Set<String> kinds() {
    return descriptor.provides().stream()
        .map(provided -> KINDS.getOrDefault(provided.service(), ""))
        .filter(kind -> !kind.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Why it is no use alone.
  String withoutProviders() {
    return descriptor.isAutomatic()
        ? "it has no module-info, so nothing says what it provides, and no plugin requires its module %s; give it a module-info.java with `provides`, as the tutorial shows"
            .formatted(module())
        : "its module %s provides nothing, and no plugin requires it; say `provides mmct.api.spi.… with …` in its module-info.java"
            .formatted(module());
  }
}
