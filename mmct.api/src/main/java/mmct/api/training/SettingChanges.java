package mmct.api.training;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Setting;
import mmct.api.config.Settings;
import mmct.api.graph.ModalityConfig;
import mmct.api.graph.ObjectiveConfig;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Provider;
import org.jspecify.annotations.Nullable;

/// What of a run's configuration has changed since it was last started.
///
/// @param before the configuration as it was, every default written out
/// @param now the same of the configuration that it goes on with
/// @param changes each value that differs
/// @param catalogue finds the providers that own options
record SettingChanges(Settings before, Settings now, List<Change> changes, Catalogue catalogue) {
  /// One value.
  ///
  /// @param key dotted
  /// @param from null where there was none
  /// @param to null where there is none
  record Change(String key, @Nullable Object from, @Nullable Object to) {
    @Override
    public String toString() {
      return "%s %s -> %s".formatted(key, shown(from), shown(to));
    }

    Map<String, @Nullable Object> toMap() {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("key", key);
      map.put("from", from);
      map.put("to", to);
      return map;
    }
  }

  /// Nothing: a run begins.
  static SettingChanges none(Settings settings, Catalogue catalogue) {
    return new SettingChanges(settings, settings, List.of(), catalogue);
  }

  /// Compares. Where a provider of the earlier configuration is gone, so that its defaults are not
  /// known, what was written is compared.
  static SettingChanges between(Settings before, Settings now, Catalogue catalogue) {
    Optional<Settings> filled = filled(before, catalogue);
    Settings filledBefore = filled.orElse(before);
    Settings filledNow = Defaults.fill(now, catalogue);
    Map<String, @Nullable Object> was = flat(filledBefore);
    Map<String, @Nullable Object> is = flat(filledNow);
    TreeSet<String> keys = new TreeSet<>(was.keySet());
    if (filled.isPresent()) {
      keys.addAll(is.keySet());
    }
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      if (!same(was.get(key), is.get(key))) {
        changes.add(new Change(key, was.get(key), is.get(key)));
      }
    }
    return new SettingChanges(filledBefore, filledNow, List.copyOf(changes), catalogue);
  }

  private static Optional<Settings> filled(Settings before, Catalogue catalogue) {
    try {
      return Optional.of(Defaults.fill(before, catalogue));
    } catch (MmctException e) {
      return Optional.empty();
    }
  }

  /// The configuration as it was.
  RunConfig configBefore() {
    return before.bind(RunConfig.class);
  }

  /// Whether one of the keys, or of those below it, has changed.
  boolean touch(String... keys) {
    return changes.stream()
        .anyMatch(
            change ->
                Arrays.stream(keys)
                    .anyMatch(
                        key -> change.key().equals(key) || change.key().startsWith(key + ".")));
  }

  /// Refuses changes with which the run would not be the same run any more.
  ///
  /// @param written the configuration with the places where its values were written
  /// @param folder the run's
  /// @throws ConfigurationException naming the first
  void requireAllowed(Settings written, Path folder) {
    for (Change change : changes) {
      if (fixed(change)) {
        throw new ConfigurationException(
            "%s cannot change in a run that goes on: it was %s in %s and is %s now%s; leave it as it was, or begin another run"
                .formatted(
                    change.key(),
                    shown(change.from()),
                    folder.resolve("config.yaml"),
                    shown(change.to()),
                    change.to() == null ? "" : written.where(change.key())));
      }
    }
  }

  private boolean fixed(Change change) {
    List<String> path = List.of(change.key().split("\\."));
    if (path.size() < 3 || !List.of("modalities", "objectives").contains(path.getFirst())) {
      return fixed(RunConfig.class, path);
    }
    List<String> rest = path.subList(2, path.size());
    if (path.getFirst().equals("modalities")) {
      // Weights to start from are needed once; that they are gone means nothing.
      boolean needless = rest.equals(List.of("weights")) && change.to() == null;
      return !needless
          && (fixed(ModalityConfig.class, rest)
              || fixed(options(path, "type", catalogue::modality), rest));
    }
    // One that is added or taken away is checked by what a checkpoint holds.
    return both(path)
        && (fixed(ObjectiveConfig.class, rest)
            || fixed(options(path, "loss", catalogue::loss), rest));
  }

  private boolean both(List<String> path) {
    return List.of(before, now).stream()
        .allMatch(settings -> settings.child(path.getFirst()).has(path.get(1)));
  }

  /// The options record of the provider of a group; one without components where it has gone.
  private Class<? extends Record> options(
      List<String> path, String key, Function<String, ? extends Provider<?>> find) {
    Settings group = before.child(path.getFirst()).child(path.get(1));
    try {
      return group
          .text(key)
          .<Class<? extends Record>>map(name -> find.apply(name).options())
          .orElse(Nothing.class);
    } catch (MmctException e) {
      return Nothing.class;
    }
  }

  private record Nothing() {}

  private static boolean fixed(Class<? extends Record> type, List<String> path) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getName().equals(path.getFirst())) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting != null && setting.fixed()) {
          return true;
        }
        boolean named = component.getType() == Map.class;
        List<String> below = path.subList(Math.min(path.size(), named ? 2 : 1), path.size());
        return !below.isEmpty()
            && group(component.getGenericType()).map(it -> fixed(it, below)).orElse(false);
      }
    }
    return false;
  }

  private static Optional<Class<? extends Record>> group(Type type) {
    if (type instanceof ParameterizedType generic) {
      return group(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
    }
    Class<?> raw = (Class<?>) type;
    return raw.isRecord() ? Optional.of(raw.asSubclass(Record.class)) : Optional.empty();
  }

  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return Double.compare(x.doubleValue(), y.doubleValue()) == 0;
    }
    return Objects.toString(a).equals(Objects.toString(b));
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "not set" : value.toString();
  }

  private static Map<String, @Nullable Object> flat(Settings settings) {
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    flatten("", settings.toMap(), flat);
    return flat;
  }

  private static void flatten(String prefix, Map<?, ?> group, Map<String, @Nullable Object> flat) {
    group.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> below) {
            flatten(prefix + key + ".", below, flat);
          } else if (value != null) {
            flat.put(prefix + key, value);
          }
        });
  }
}
