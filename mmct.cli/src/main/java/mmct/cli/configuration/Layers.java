package mmct.cli.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.config.Settings;
import org.jspecify.annotations.Nullable;

/// Lays one configuration over another, and notes what that takes away without saying so.
///
/// @param settings both together
/// @param notes one sentence for each group that is lost
record Layers(Settings settings, List<String> notes) {
  private static final String TYPE = "type";

  static Layers of(Settings top, Settings base) {
    Settings below = forPath(top, base);
    List<String> notes = new ArrayList<>();
    lost(top, below, notes);
    return new Layers(top.over(below), notes);
  }

  /// Data without a path is generated: a path replaces its type and options too.
  private static Settings forPath(Settings top, Settings base) {
    return isGroup(top, "data")
            && top.child("data").has("path")
            && !top.child("data").has(TYPE)
            && isGroup(base, "data")
            && !base.child("data").has("path")
        ? base.changed("data", data -> data.without(Set.of(TYPE, "options")))
        : base;
  }

  private static boolean isGroup(Settings settings, String key) {
    return settings.get(key).orElse("") instanceof Map<?, ?>;
  }

  private static void lost(Settings top, Settings base, List<String> notes) {
    for (String key : top.keys()) {
      if (!(base.get(key).orElse("") instanceof Map<?, ?> group)) {
        continue;
      }
      switch (top.get(key).orElse(null)) {
        case null -> {
          if (top.isLeftOpen(key)) {
            notes.add(leftOpen(top, key, group));
          }
        }
        case Map<?, ?> over -> lost(top.child(key), base.child(key), notes);
        case Object word -> {
          String others = others(group);
          if (!others.isEmpty()) {
            notes.add(replaced(top, key, word, group, others));
          }
        }
      }
    }
  }

  private static String leftOpen(Settings top, String key, Map<?, ?> group) {
    return "%s has no value%s, which takes away what was set below it (%s); null says so on purpose"
        .formatted(top.pathOf(key), top.where(key), others(group));
  }

  private static String replaced(
      Settings top, String key, Object word, Map<?, ?> group, String others) {
    String path = top.pathOf(key);
    String remedy =
        group.containsKey(TYPE) || group.containsKey(Settings.WORD)
            ? "; %s.type=%s keeps it".formatted(path, word)
            : "";
    return "%s is only %s now%s, and what was set beside it is back at its default: %s%s"
        .formatted(path, word, top.where(key), others, remedy);
  }

  /// What is set in a group besides its kind.
  private static String others(Map<?, ?> group) {
    List<String> others = new ArrayList<>();
    group.forEach(
        (key, value) -> {
          if (!key.equals(TYPE) && !key.equals(Settings.WORD)) {
            others.add(key + " " + shown(value));
          }
        });
    return String.join(", ", others);
  }

  private static String shown(@Nullable Object value) {
    return value instanceof Map<?, ?> group ? "{" + others(group) + "}" : String.valueOf(value);
  }
}
