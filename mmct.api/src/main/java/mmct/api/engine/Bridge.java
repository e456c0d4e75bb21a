package mmct.api.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mmct.api.MmctException;

/// The native library between Java and libtorch. It fits one version of libtorch, namely that whose
/// headers it was compiled with.
final class Bridge {
  /// The libtorch that the bridge of Deep Java Library's own packages was compiled for.
  static final String USUAL_LIBTORCH = "2.7.1";

  /// What a bridge holds that somebody else has compiled; `docs/gpu.md` tells how it comes there.
  private static final Pattern MARK =
      Pattern.compile("djl_torch built for libtorch ([0-9]+\\.[0-9]+\\.[0-9]+)");

  private Bridge() {}

  /// The version of libtorch that the loaded bridge was compiled for.
  static String libtorch() {
    return libtorch(Path.of(LibUtils.getLibtorchPath()));
  }

  /// The version of libtorch that the bridge beside a libtorch was compiled for.
  ///
  /// @param folder where libtorch was loaded from; a bridge that lies there, under one of two
  ///     names, is taken before the library's own
  static String libtorch(Path folder) {
    String name = System.mapLibraryName("djl_torch");
    return List.of(Engine.getDjlVersion() + "-" + name, name).stream()
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .map(Bridge::mark)
        .orElse(USUAL_LIBTORCH);
  }

  private static String mark(Path bridge) {
    try {
      String content = Files.readString(bridge, StandardCharsets.ISO_8859_1);
      Matcher matcher = MARK.matcher(content);
      return matcher.find() ? matcher.group(1) : USUAL_LIBTORCH;
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(bridge, e.getMessage()), e);
    }
  }
}
