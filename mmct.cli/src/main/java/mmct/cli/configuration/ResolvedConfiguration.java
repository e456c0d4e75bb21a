package mmct.cli.configuration;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.config.Settings;
import mmct.api.config.YamlWriter;
import org.jspecify.annotations.Nullable;

/// The configuration of a run as it will be used.
///
/// @param name what the run is called: the preset's or the file's name
/// @param settings every key with its value, defaults included and paths absolute
/// @param written what was written by somebody, before defaults
/// @param notes one sentence for everything that was written and is left out
public record ResolvedConfiguration(
    String name, Settings settings, Settings written, List<String> notes) {
  /// Copies the list.
  public ResolvedConfiguration {
    notes = List.copyOf(notes);
  }

  /// The configuration as YAML, each value with where it came from.
  public String describe() {
    return YamlWriter.write(settings, path -> Optional.of(origin(path)));
  }

  private String origin(String path) {
    boolean byDefault = !isWritten(List.of(path.split("\\.", -1)));
    return byDefault ? "default" : written.origin(path).orElse("default");
  }

  /// Whether the value at a path was written, itself or as the one word that stands for a group, as
  /// `cosine` in `schedule: cosine` stands for `schedule.type`.
  private boolean isWritten(List<String> path) {
    @Nullable Object here = written.toMap();
    @Nullable Object filled = settings.toMap();
    boolean oneWord = false;
    for (String key : path) {
      if (here instanceof Map<?, ?> group && group.containsKey(key)) {
        here = group.get(key);
      } else {
        here = here instanceof Map<?, ?> group ? group.get(Settings.WORD) : here;
        oneWord = true;
      }
      filled = filled instanceof Map<?, ?> group ? group.get(key) : null;
    }
    return here != null && (!oneWord || here.equals(filled));
  }
}
