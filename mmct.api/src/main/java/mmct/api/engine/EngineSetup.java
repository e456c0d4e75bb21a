package mmct.api.engine;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.util.Platform;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps Deep Java Library from sending, fetching and unpacking where others can write, in programs
/// that the start script has not prepared.
///
/// The library makes all providers of engines before it does anything else, also where a program
/// calls it without this toolkit: so here is the place. As an engine this is the one of PyTorch
/// under another name, which nobody asks for.
public final class EngineSetup implements EngineProvider {
  private static final String TORCH = "PyTorch";
  private static final String BRIDGE = System.mapLibraryName("djl_torch");

  /// Called by the library; what a program or its environment says itself is left.
  ///
  /// @throws mmct.api.MmctException where the native libraries have no safe place
  public EngineSetup() {
    unlessSaid("OPT_OUT_TRACKING", "true");
    if (System.getenv("DJL_OFFLINE") == null && System.getProperty("offline") == null) {
      unlessSaid("ai.djl.offline", "true");
    }
    Optional<Path> installed = said("PYTORCH_LIBRARY_PATH").map(Path::of);
    boolean jnaIsThere = said("jna.boot.library.path").or(() -> said("jna.tmpdir")).isPresent();
    boolean libtorchIsThere =
        installed.map(it -> Files.exists(it.resolve(BRIDGE))).orElse(false)
            || said("ENGINE_CACHE_DIR").or(() -> said("DJL_CACHE_DIR")).isPresent();
    if (!jnaIsThere || !libtorchIsThere) {
      NativeLibraries libraries = NativeLibraries.ofUser();
      if (!jnaIsThere) {
        System.setProperty("jna.tmpdir", libraries.folder("jna").toString());
      }
      if (!libtorchIsThere) {
        System.setProperty("ENGINE_CACHE_DIR", libraries.folder("djl").toString());
        if (installed.isEmpty()) {
          unpackLibtorch(libraries);
        }
      }
    }
  }

  private static Optional<String> said(String name) {
    return Optional.ofNullable(
            Objects.requireNonNullElseGet(System.getenv(name), () -> System.getProperty(name, "")))
        .filter(it -> !it.isEmpty());
  }

  private static void unlessSaid(String name, String value) {
    if (said(name).isEmpty()) {
      System.setProperty(name, value);
    }
  }

  /// A build of libtorch that lies in a jar; without one the library finds another way, or none.
  private static void unpackLibtorch(NativeLibraries libraries) {
    Platform platform = Platform.detectPlatform("pytorch");
    if (platform.isPlaceholder() || said("PYTORCH_VERSION").isPresent()) {
      return;
    }
    String flavor = platform.getFlavor();
    Map<String, @Nullable URL> files = new LinkedHashMap<>();
    Arrays.stream(platform.getLibraries())
        .forEach(
            name ->
                files.put(
                    name,
                    resource(
                        "pytorch/%s/%s/%s".formatted(flavor, platform.getClassifier(), name))));
    files.put(
        BRIDGE, resource("jnilib/%s/%s/%s".formatted(platform.getClassifier(), flavor, BRIDGE)));
    Map<String, URL> found = new LinkedHashMap<>();
    files.forEach(
        (name, url) -> {
          if (url != null) {
            found.put(name, url);
          }
        });
    if (found.size() == files.size()) {
      Path folder = libraries.unpacked("pytorch", found);
      System.setProperty("PYTORCH_LIBRARY_PATH", folder.toString());
      unlessSaid("PYTORCH_FLAVOR", flavor);
    }
  }

  private static @Nullable URL resource(String name) {
    ClassLoader loader =
        Objects.requireNonNullElseGet(
            Thread.currentThread().getContextClassLoader(), ClassLoader::getSystemClassLoader);
    return loader.getResource(name);
  }

  @Override
  public String getEngineName() {
    return "MMCT";
  }

  @Override
  public int getEngineRank() {
    return Integer.MAX_VALUE; // never the default
  }

  @Override
  public Engine getEngine() {
    return Engine.getEngine(TORCH);
  }
}
