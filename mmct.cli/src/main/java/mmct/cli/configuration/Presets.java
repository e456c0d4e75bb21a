package mmct.cli.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import mmct.api.MmctException;
import mmct.api.config.NearName;

/// The configurations that come with the program, by name.
public final class Presets {
  private static final String FOLDER = "mmct/cli/presets/";
  private static final String ENDING = ".yaml";

  private final Map<String, String> texts;

  /// Creates presets.
  ///
  /// @param texts by name, the YAML
  public Presets(Map<String, String> texts) {
    this.texts = Collections.unmodifiableMap(new TreeMap<>(texts));
  }

  /// The presets in the program's own module.
  public static Presets builtIn() {
    ResolvedModule module =
        ModuleLayer.boot()
            .configuration()
            .findModule(Presets.class.getModule().getName())
            .orElseThrow();
    Map<String, String> texts = new TreeMap<>();
    try (ModuleReader reader = module.reference().open()) {
      for (String file : reader.list().filter(Presets::isPreset).toList()) {
        try (InputStream content = reader.open(file).orElseThrow()) {
          texts.put(nameOf(file), new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the program's presets cannot be read", e);
    }
    return new Presets(texts);
  }

  private static boolean isPreset(String file) {
    return file.startsWith(FOLDER) && file.endsWith(ENDING);
  }

  private static String nameOf(String file) {
    return file.substring(FOLDER.length(), file.length() - ENDING.length());
  }

  /// The names in order.
  public Set<String> names() {
    return texts.keySet();
  }

  /// The YAML of a preset.
  ///
  /// @throws MmctException where there is none of that name; the message lists those there are
  public String text(String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new MmctException(
          "there is no preset '%s'%s; there are %s"
              .formatted(name, NearName.suggestion(name, names()), String.join(", ", names())));
    }
    return text;
  }

  /// What a preset is, by the comment in its first line.
  public String summary(String name) {
    return text(name).lines().findFirst().orElse("").replaceFirst("^#\\s*", "");
  }
}
