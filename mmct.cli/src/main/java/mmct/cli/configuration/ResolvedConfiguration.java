package mmct.cli.configuration;

import java.util.Map;
import java.util.Optional;
import mmct.api.config.Settings;
import mmct.api.config.YamlWriter;

/// The configuration of a run as it will be used.
///
/// @param name what the run is called: the preset's or the file's name
/// @param settings every key with its value, defaults included and paths absolute
/// @param written what was written by somebody, before defaults
public record ResolvedConfiguration(String name, Settings settings, Settings written) {
  /// The configuration as YAML, each value with where it came from.
  public String describe() {
    return YamlWriter.write(settings, path -> Optional.of(origin(path)));
  }

  private String origin(String path) {
    Settings group = written;
    String rest = path;
    for (int dot = rest.indexOf('.'); dot > 0; dot = rest.indexOf('.')) {
      String key = rest.substring(0, dot);
      if (!(group.get(key).orElse(null) instanceof Map<?, ?>)) {
        // A group that was written as one word, such as `schedule: cosine`.
        return group.has(key) ? group.origin(key).orElse("default") : "default";
      }
      group = group.child(key);
      rest = rest.substring(dot + 1);
    }
    return group.has(rest) ? group.origin(rest).orElse("default") : "default";
  }
}
