package mmct.api.training;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Provider;
import org.jspecify.annotations.Nullable;

/// Where a class of a provider comes from.
///
/// @param module the module's name; empty on the class path
/// @param version as the module or the jar's manifest says
/// @param file the jar or folder; empty where it is not known
/// @param plugin whether it was added to the program rather than built with it
record ProviderOrigin(
    Optional<String> module, Optional<String> version, Optional<Path> file, boolean plugin) {
  static ProviderOrigin of(Class<?> type) {
    Module module = type.getModule();
    Optional<Path> file = location(type);
    Optional<String> name = Optional.ofNullable(module.getName());
    Optional<String> version =
        module.isNamed()
            ? module.getDescriptor().rawVersion()
            : file.flatMap(ProviderOrigin::manifestVersion);
    boolean own = name.filter(it -> it.startsWith("mmct.")).isPresent();
    return new ProviderOrigin(name, version, file, !own);
  }

  /// The origins of all providers that did not come with the program, each once.
  static List<Map<String, Object>> plugins(Catalogue catalogue) {
    Set<ProviderOrigin> origins = new LinkedHashSet<>();
    for (Provider<?> provider :
        catalogue.all().values().stream().flatMap(Collection::stream).toList()) {
      origins.add(of(provider.getClass()));
      // A layer of plugins holds what they bring along too.
      @Nullable ModuleLayer layer = provider.getClass().getModule().getLayer();
      if (layer != null && layer != ModuleLayer.boot()) {
        layer.configuration().modules().forEach(module -> origins.add(of(module.reference())));
      }
    }
    return origins.stream().filter(ProviderOrigin::plugin).map(ProviderOrigin::toMap).toList();
  }

  private static ProviderOrigin of(ModuleReference module) {
    return new ProviderOrigin(
        Optional.of(module.descriptor().name()),
        module.descriptor().rawVersion(),
        module.location().flatMap(ProviderOrigin::file),
        true);
  }

  private Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    module.ifPresent(it -> map.put("module", it));
    version.ifPresent(it -> map.put("version", it));
    file.ifPresent(it -> map.put("file", it.toString()));
    file.filter(Files::isRegularFile)
        .flatMap(ProviderOrigin::sha256)
        .ifPresent(it -> map.put("sha256", it));
    return map;
  }

  private static Optional<Path> location(Class<?> type) {
    @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      return file(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Optional<Path> file(URI uri) {
    try {
      return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
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

  private static Optional<String> sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, digest).transferTo(java.io.OutputStream.nullOutputStream());
      return Optional.of(HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
