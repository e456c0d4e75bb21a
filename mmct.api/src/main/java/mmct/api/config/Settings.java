package mmct.api.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An immutable tree of configuration values, each of which remembers where it was written.
///
/// A value is a `Map<String, Object>`, a `List<Object>`, a `String`, a `Boolean`, a `Long`, a
/// `Double` or null. Trees come from YAML ([YamlReader]), from `--set key=value`, or from
/// Java ([#of]); they are laid over each other with [#over] and become typed with [#bind].
public final class Settings {
  /// The key under which a word that stood alone is kept when further keys are laid over it; no
  /// configuration can have such a key itself.
  public static final String WORD = "";

  private final Map<String, @Nullable Object> values;
  private final Map<String, Origin> origins;
  private final String path;

  Settings(Map<String, @Nullable Object> values, Map<String, Origin> origins, String path) {
    this.values = values;
    this.origins = origins;
    this.path = path;
  }

  /// The empty tree.
  public static Settings empty() {
    return new Settings(Map.of(), Map.of(), "");
  }

  /// A tree written in Java; nested maps, lists and scalars are allowed as values.
  public static Settings of(Map<String, ?> values) {
    return new Settings(copyOf(values), Map.of(), "");
  }

  /// The tree that binds to a record equal to this one: every default is written out.
  public static Settings of(Record options) {
    return new Settings(new Unbinder(Path::toString).unbind(options), Map.of(), "");
  }

  /// As [#of(Record)], with nothing but the last name of each path, for what leaves this machine.
  public static Settings withoutFolders(Record options) {
    Unbinder unbinder = new Unbinder(path -> String.valueOf(path.getFileName()));
    return new Settings(unbinder.unbind(options), Map.of(), "");
  }

  /// A tree of one value at a dotted path, as `--set key=value` gives it: the value is a list or a
  /// group in brackets, a text in quotes, or one plain scalar, whatever signs are in it.
  public static Settings assignment(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new ConfigurationException(
          "--set expects key=value but was given '" + assignment + "'");
    }
    String origin = "--set " + assignment;
    String path = requirePath(assignment.substring(0, equals).strip(), origin);
    return YamlReader.assigned(path, assignment.substring(equals + 1), origin);
  }

  /// A tree of one value at a dotted path.
  public static Settings at(String dottedPath, @Nullable Object value, String origin) {
    return at(requirePath(dottedPath, origin), value, Map.of(dottedPath, new Origin(origin)));
  }

  private static String requirePath(String dottedPath, String origin) {
    if (Stream.of(dottedPath.split("\\.", -1)).anyMatch(String::isBlank)) {
      throw new ConfigurationException("'" + dottedPath + "' is not a key (" + origin + ")");
    }
    return dottedPath;
  }

  static Settings at(String dottedPath, @Nullable Object value, Map<String, Origin> origins) {
    List<String> keys = List.of(dottedPath.split("\\.", -1)).reversed();
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put(keys.getFirst(), value);
    for (String key : keys.subList(1, keys.size())) {
      Map<String, @Nullable Object> parent = new LinkedHashMap<>();
      parent.put(key, root);
      root = parent;
    }
    return new Settings(root, origins, "");
  }

  /// This tree laid over another: a scalar or list of this tree replaces what the other has, maps
  /// are merged key by key, and an explicit null removes the key. Where a map is laid over a scalar
  /// the scalar stays, as the word that stands for the group's first key.
  public Settings over(Settings base) {
    Map<String, Origin> merged = new LinkedHashMap<>(base.origins);
    if (path.isEmpty()) {
      // Where one value takes the place of a group, the origins of the group's keys are history.
      origins.keySet().stream()
          .filter(key -> !isGroup(key))
          .forEach(key -> merged.keySet().removeIf(below -> below.startsWith(key + ".")));
    }
    int above = base.layers();
    origins.forEach((key, origin) -> merged.put(key, laid(key, origin, base, above)));
    return new Settings(merge(base.values, values), merged, path);
  }

  /// The origin of a key of this tree in the layer above another tree. What is only said again
  /// stays in the layer in which it was said first: it changes nothing.
  private Origin laid(String key, Origin origin, Settings base, int above) {
    Origin before = base.origins.get(key);
    @Nullable Object value = valueAt(key);
    if (before == null
        || value == null
        || value instanceof Map<?, ?>
        || !value.equals(base.valueAt(key))) {
      return origin.above(above);
    }
    return new Origin(origin.text(), origin.folder(), origin.written(), before.layer());
  }

  /// How many trees have been laid over one another to make this one.
  public int layers() {
    return 1 + origins.values().stream().mapToInt(Origin::layer).max().orElse(-1);
  }

  /// This tree with all that was laid over its first layers as if it had been written at once.
  ///
  /// @param layers how many stay as they are
  public Settings asOneLayer(int layers) {
    Map<String, Origin> flat = new LinkedHashMap<>(origins);
    flat.replaceAll((key, origin) -> origin.above(Math.min(0, layers - origin.layer())));
    return new Settings(values, flat, path);
  }

  /// This tree without settings that were written for another kind of their group: the kind has
  /// been laid over them since, and they mean nothing to the new one, or something else.
  ///
  /// @param parent the group that has the kind, which may be this one
  /// @param kind the key that names the kind, such as the `type` of a provider
  /// @param shared the records whose settings are the same ones whatever the kind
  /// @param own the records whose settings are those of the new kind alone
  /// @param notes takes one sentence for each kind that has changed
  public Settings withoutLeftovers(
      Settings parent,
      String kind,
      List<Class<? extends Record>> shared,
      List<Class<? extends Record>> own,
      Consumer<String> notes) {
    return new Leftovers(notes)
        .without(this, new Leftovers.Kind(parent, kind, shared, own, parent.layer(kind)));
  }

  /// This tree with another subtree in the place of that of a key.
  Settings with(String key, Settings child) {
    Map<String, @Nullable Object> replaced = new LinkedHashMap<>(values);
    replaced.put(key, child.values);
    return new Settings(replaced, origins, path);
  }

  /// Replaces the subtree of a key, where there is one.
  public Settings changed(String key, UnaryOperator<Settings> change) {
    return values.get(key) instanceof Map<?, ?> ? with(key, change.apply(child(key))) : this;
  }

  /// The layer in which a key was written last; -1 where it was not.
  int layer(String key) {
    Origin origin = origins.get(pathOf(key));
    return origin == null ? -1 : origin.layer();
  }

  /// The last layer in which a key or anything in it was written; -1 where that is not known.
  int lastLayer(String key) {
    String below = pathOf(key) + ".";
    return origins.entrySet().stream()
        .filter(it -> it.getKey().equals(pathOf(key)) || it.getKey().startsWith(below))
        .mapToInt(it -> it.getValue().layer())
        .max()
        .orElse(-1);
  }

  /// The text by which a scalar was written, where it is known: `010`, `1e5` or `yes`.
  Optional<String> written(String key) {
    return Optional.ofNullable(origins.get(pathOf(key))).flatMap(Origin::written);
  }

  /// The key under which the origin of a list's item is kept.
  static String item(String key, int index) {
    return key + "." + index;
  }

  /// This tree without the words that stood alone before further keys were laid over them, for
  /// where the first keys of their groups are written out.
  public Settings withoutWords() {
    return new Settings(withoutWords(values), origins, path);
  }

  private static Map<String, @Nullable Object> withoutWords(Map<?, ?> group) {
    Map<String, @Nullable Object> keys = copyOf(group);
    keys.remove(WORD);
    keys.replaceAll((key, value) -> value instanceof Map<?, ?> map ? withoutWords(map) : value);
    return keys;
  }

  /// Binds the tree to an options record; see [Binder] for the rules.
  public <R extends Record> R bind(Class<R> type) {
    return Binder.bind(this, type);
  }

  /// The keys in the order in which they were written.
  public Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /// Whether the key is present.
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// The value of a key, or empty where it is absent or null.
  public Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /// Whether a key stands there without a value, which means null but may be an oversight.
  public boolean isLeftOpen(String key) {
    return has(key) && values.get(key) == null && written(key).filter(String::isEmpty).isPresent();
  }

  /// The text of a key as it was written, or empty where it is absent.
  public Optional<String> text(String key) {
    return get(key).map(value -> asWritten(value, key));
  }

  /// A scalar as text: a number or a truth value that stands for a word is what was written.
  String asWritten(Object scalar, String key) {
    return scalar instanceof String text ? text : written(key).orElse(scalar.toString());
  }

  /// The subtree of a key; empty where the key is absent.
  public Settings child(String key) {
    Object value = values.get(key);
    if (value == null) {
      return new Settings(Map.of(), origins, pathOf(key));
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new ConfigurationException(
          "%s must be a group of keys but was %s%s"
              .formatted(pathOf(key), show(value), where(key)));
    }
    return new Settings(copyOf(map), origins, pathOf(key));
  }

  /// This tree seen as written at the place of another: it takes over its path and origins.
  Settings within(Settings parent) {
    return new Settings(values, parent.origins, parent.path);
  }

  /// This tree without the keys given.
  public Settings without(Set<String> keys) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(keys);
    return new Settings(rest, origins, path);
  }

  /// This tree with no keys but those given.
  public Settings only(Set<String> keys) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    rest.keySet().retainAll(keys);
    return new Settings(rest, origins, path);
  }

  /// Refuses keys that nobody knows.
  ///
  /// @throws ConfigurationException naming the first unknown key, the nearest known one and all
  public void requireKnown(Set<String> known) {
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new ConfigurationException(
            "%s is not a known key%s%s; known keys%s: %s"
                .formatted(
                    pathOf(key),
                    where(key),
                    NearName.suggestion(key, known),
                    path.isEmpty() ? "" : " of " + path,
                    String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /// The dotted path of a key, from the root of the configuration.
  public String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /// The dotted path of this tree; empty for the root.
  public String path() {
    return path;
  }

  /// Where a key was written, as ` (file:line)` ready to append; empty where it is not known.
  public String where(String key) {
    return origin(key).map(origin -> " (" + origin + ")").orElse("");
  }

  /// Where a key, or else something in it, or else the group it is in, was written: `file:line` or
  /// the words of the command line; empty where it is not known.
  public Optional<String> origin(String key) {
    return nearestOrigin(key).map(Origin::text);
  }

  /// A path as it was written under a key, made absolute: in a file it starts from the file's
  /// folder, elsewhere from the working directory.
  Path absolute(String key, Path written) {
    return nearestOrigin(key)
        .flatMap(Origin::folder)
        .map(folder -> folder.resolve(written))
        .orElse(written)
        .toAbsolutePath()
        .normalize();
  }

  private Optional<Origin> nearestOrigin(String key) {
    String at = pathOf(key);
    if (!origins.containsKey(at)) {
      String below = at + ".";
      Optional<Origin> inside =
          origins.entrySet().stream()
              .filter(entry -> entry.getKey().startsWith(below))
              .map(Map.Entry::getValue)
              .findFirst();
      if (inside.isPresent()) {
        return inside;
      }
    }
    while (!at.isEmpty()) {
      Origin origin = origins.get(at);
      if (origin != null) {
        return Optional.of(origin);
      }
      int dot = at.lastIndexOf('.');
      at = dot < 0 ? "" : at.substring(0, dot);
    }
    return Optional.empty();
  }

  private boolean isGroup(String dottedPath) {
    return valueAt(dottedPath) instanceof Map<?, ?>;
  }

  private @Nullable Object valueAt(String dottedPath) {
    @Nullable Object value = values;
    for (String key : dottedPath.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return value;
  }

  /// Where a value was written.
  ///
  /// @param text `file:line`, or the words of the command line
  /// @param folder the file's folder
  /// @param written a scalar as it was written
  /// @param layer how many trees it has been laid over
  record Origin(String text, Optional<Path> folder, Optional<String> written, int layer) {
    Origin(String text) {
      this(text, Optional.empty(), Optional.empty(), 0);
    }

    Origin above(int layers) {
      return new Origin(text, folder, written, layer + layers);
    }
  }

  /// The tree as nested maps, lists and scalars.
  public Map<String, @Nullable Object> toMap() {
    return copyOf(values);
  }

  @Override
  public String toString() {
    return values.toString();
  }

  static String show(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case String text -> "'" + text + "'";
      case Map<?, ?> map -> "a group of keys " + map.keySet();
      default -> value.toString();
    };
  }

  private static Map<String, @Nullable Object> merge(
      Map<String, @Nullable Object> base, Map<String, @Nullable Object> top) {
    Map<String, @Nullable Object> merged = copyOf(base);
    top.forEach(
        (key, value) -> {
          if (value == null) {
            merged.remove(key);
          } else if (value instanceof Map<?, ?> topMap) {
            Map<?, ?> below =
                switch (merged.get(key)) {
                  case null -> Map.of();
                  case Map<?, ?> baseMap -> baseMap;
                  case List<?> list -> Map.of();
                  case Object word -> Map.of(WORD, word);
                };
            merged.put(key, merge(copyOf(below), copyOf(topMap)));
          } else {
            merged.put(key, copy(value));
          }
        });
    return merged;
  }

  private static Map<String, @Nullable Object> copyOf(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), copy(value)));
    return copy;
  }

  private static @Nullable Object copy(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> copyOf(map);
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(item -> copy.add(copy(item)));
        yield copy;
      }
      case Integer number -> (Object) number.longValue();
      case Float number -> (Object) number.doubleValue();
      case Enum<?> constant -> SettingWords.constant(constant);
      default -> value;
    };
  }
}
