package mmct.api.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.PathWords;
import org.jspecify.annotations.Nullable;

/// Binds [Settings] to options records.
///
/// Every component carries a [Setting]. Components may be `int`, `long`, `double`, `boolean`,
/// `String`, `Path`, an enum (written `kebab-case`), a record, `Settings` (a subtree left as it
/// is), and `Optional`, `List` or `Map<String, ...>` of these. An unknown key, a missing one, a
/// wrong type and a value out of range are [ConfigurationException]s. A record that is written as
/// a single word binds to its first component: `schedule: cosine` is `schedule: {type: cosine}`.
/// A `Path` becomes absolute: in a file it starts from the file's folder, elsewhere from the
/// working directory. What is relative to something else is a `String`.
final class Binder {
  private Binder() {}

  static <R extends Record> R bind(Settings settings, Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    settings.requireKnown(SettingDescription.keys(type));
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(settings, components[i]);
      requireRead(components[i], values[i], components[0], values[0], settings);
    }
    return construct(type, values, settings);
  }

  /// Refuses a value that the group's kind does not read. One with a default cannot be told from
  /// the default written out.
  private static void requireRead(
      RecordComponent component,
      Object value,
      RecordComponent first,
      Object kind,
      Settings settings) {
    if (value instanceof Optional<?> optional
        && optional.isPresent()
        && kind instanceof Enum<?> constant
        && !isReadBy(component, SettingWords.constant(constant))) {
      throw new ConfigurationException(
          "%s%s is not a setting of %s %s but was set to %s%s"
              .formatted(
                  prefix(settings),
                  component.getName(),
                  first.getName(),
                  SettingWords.constant(constant),
                  optional.get(),
                  settings.where(component.getName())));
    }
  }

  /// Whether a kind reads a setting.
  static boolean isReadBy(RecordComponent component, String kind) {
    Setting setting = component.getAnnotation(Setting.class);
    return setting == null
        || setting.appliesTo().length == 0
        || List.of(setting.appliesTo()).contains(kind);
  }

  private static Object component(Settings settings, RecordComponent component) {
    String key = component.getName();
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException(
          component.getDeclaringRecord() + "." + key + " has no @Setting");
    }
    Type type = component.getGenericType();
    Object raw = settings.get(key).orElse(null);
    if (raw == null && !setting.byDefault().isEmpty()) {
      raw = YamlReader.value(setting.byDefault(), "default of " + key);
    }
    if (raw == null) {
      return absent(settings, key, component.getType(), type);
    }
    Object value = convert(raw, type, settings, key);
    check(value, setting, settings, key);
    return value;
  }

  private static Object absent(Settings settings, String key, Class<?> raw, Type type) {
    if (raw == Optional.class) {
      return Optional.empty();
    }
    if (raw == List.class) {
      return List.of();
    }
    if (raw == Map.class) {
      return Map.of();
    }
    if (raw == Settings.class || (raw.isRecord() && allDefaulted(raw))) {
      return convert(Map.of(), type, settings, key);
    }
    throw new ConfigurationException(
        "%s is required but missing%s".formatted(settings.pathOf(key), within(settings)));
  }

  private static boolean allDefaulted(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .allMatch(
            component -> {
              Setting setting = component.getAnnotation(Setting.class);
              Class<?> raw = component.getType();
              return (setting != null && !setting.byDefault().isEmpty())
                  || raw == Optional.class
                  || raw == List.class
                  || raw == Map.class
                  || raw == Settings.class
                  || (raw.isRecord() && allDefaulted(raw));
            });
  }

  private static Object convert(Object raw, Type type, Settings settings, String key) {
    if (type instanceof ParameterizedType generic) {
      return convertGeneric(raw, generic, settings, key);
    }
    Class<?> target = (Class<?>) type;
    if (target == Settings.class) {
      return group(raw, settings, key);
    }
    if (target.isRecord()) {
      Class<? extends Record> record = target.asSubclass(Record.class);
      String first = record.getRecordComponents()[0].getName();
      Object keys = raw instanceof Map<?, ?> map ? spelledOut(map, first) : Map.of(first, raw);
      return bind(group(keys, settings, key), record);
    }
    if (target.isEnum()) {
      return constant(raw, target, settings, key);
    }
    return scalar(raw, target, settings, key);
  }

  /// A group in which a word that had stood alone is the value of the first key, if that is not
  /// given.
  private static Map<?, ?> spelledOut(Map<?, ?> group, String first) {
    Map<Object, @Nullable Object> keys = new LinkedHashMap<>(group);
    Object word = keys.remove(Settings.WORD);
    if (word != null) {
      keys.putIfAbsent(first, word);
    }
    return keys;
  }

  private static Settings group(Object raw, Settings settings, String key) {
    // One more level of nesting lets the child keep its path and the parent's origins.
    Map<String, @Nullable Object> holder = new LinkedHashMap<>();
    holder.put(key, raw);
    return Settings.of(holder).within(settings).child(key);
  }

  private static Object convertGeneric(
      Object raw, ParameterizedType type, Settings settings, String key) {
    Class<?> container = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (container == Optional.class) {
      return Optional.of(convert(raw, arguments[0], settings, key));
    }
    if (container == List.class) {
      List<Object> items = new ArrayList<>();
      boolean words = arguments[0] == String.class;
      List<?> list = raw instanceof List<?> several ? several : List.of(raw);
      for (Object item : list) {
        String at = raw instanceof List<?> ? Settings.item(key, items.size()) : key;
        boolean word = words && (item instanceof Number || item instanceof Boolean);
        Object value = word ? settings.asWritten(item, at) : item;
        items.add(convert(present(value, settings, key), arguments[0], settings, key));
      }
      return List.copyOf(items);
    }
    if (container == Map.class) {
      Settings group = group(raw, settings, key);
      Map<String, Object> entries = new LinkedHashMap<>();
      for (String name : group.keys()) {
        Object entry = group.get(name).orElse(Map.of());
        entries.put(name, convert(entry, arguments[1], group, name));
      }
      return java.util.Collections.unmodifiableMap(entries);
    }
    throw new IllegalStateException("no binding for " + type);
  }

  private static Object scalar(Object raw, Class<?> target, Settings settings, String key) {
    if (target == String.class && !(raw instanceof Map<?, ?>) && !(raw instanceof List<?>)) {
      return settings.asWritten(raw, key);
    }
    if (target == Path.class && !(raw instanceof Map<?, ?>) && !(raw instanceof List<?>)) {
      return path(settings.asWritten(raw, key), settings, key);
    }
    if ((target == boolean.class || target == Boolean.class) && raw instanceof Boolean) {
      return raw;
    }
    if ((target == double.class || target == Double.class) && raw instanceof Number number) {
      return number.doubleValue();
    }
    if ((target == long.class || target == Long.class) && whole(raw) instanceof Long number) {
      return number;
    }
    if ((target == int.class || target == Integer.class) && whole(raw) instanceof Long number) {
      if (number == number.intValue()) {
        return number.intValue();
      }
      throw wrong(settings, key, "must be a whole number below 2147483648", raw);
    }
    throw wrong(settings, key, "must be " + SettingWords.type(target), raw);
  }

  private static Object present(@Nullable Object item, Settings settings, String key) {
    if (item == null) {
      throw new ConfigurationException(
          "%s must not hold null%s; the word is written \"null\""
              .formatted(settings.pathOf(key), settings.where(key)));
    }
    return item;
  }

  private static Path path(String text, Settings settings, String key) {
    if (text.isBlank()) {
      throw wrong(settings, key, "must be a path", text);
    }
    try {
      return settings.absolute(key, Path.of(text));
    } catch (InvalidPathException e) {
      throw wrong(settings, key, "must be a path (%s)".formatted(PathWords.reason(e)), text);
    }
  }

  /// `2e5` is a whole number to its writer; `8.7` is not one to anybody.
  private static @Nullable Object whole(Object raw) {
    if (raw instanceof Double number && number == Math.rint(number) && Math.abs(number) < 9e15) {
      return number.longValue();
    }
    return raw instanceof Long ? raw : null;
  }

  private static Object constant(Object raw, Class<?> target, Settings settings, String key) {
    for (Object constant : target.getEnumConstants()) {
      if (SettingWords.constant((Enum<?>) constant).equals(settings.asWritten(raw, key))) {
        return constant;
      }
    }
    throw wrong(settings, key, "must be " + SettingWords.type(target), raw);
  }

  private static void check(Object value, Setting setting, Settings settings, String key) {
    switch (value) {
      case Optional<?> optional -> optional.ifPresent(it -> check(it, setting, settings, key));
      case List<?> list -> list.forEach(item -> check(item, setting, settings, key));
      case Number number -> checkRange(number.doubleValue(), number, setting, settings, key);
      case String text when setting.choices().length > 0 -> {
        if (!List.of(setting.choices()).contains(text)) {
          throw wrong(
              settings, key, "must be one of " + String.join(", ", setting.choices()), text);
        }
      }
      default -> {}
    }
  }

  private static void checkRange(
      double number, Number value, Setting setting, Settings settings, String key) {
    boolean fits =
        number >= setting.min()
            && number <= setting.max()
            && number > setting.above()
            && number < setting.below();
    // The infinite defaults of `above` and `below` must not refuse, and NaN must not pass.
    if (!fits || Double.isInfinite(number)) {
      throw wrong(settings, key, "must be " + SettingWords.range(setting), value);
    }
  }

  private static ConfigurationException wrong(
      Settings settings, String key, String rule, Object value) {
    return new ConfigurationException(
        "%s %s but was %s%s"
            .formatted(settings.pathOf(key), rule, Settings.show(value), settings.where(key)));
  }

  private static String within(Settings settings) {
    return settings.path().isEmpty() ? "" : " of " + settings.path();
  }

  private static <R extends Record> R construct(Class<R> type, Object[] values, Settings settings) {
    Class<?>[] signature =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(signature);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      // A record's own constructor checks what no single component can: its message is the rule.
      if (e.getCause() instanceof IllegalArgumentException broken) {
        throw new ConfigurationException(
            "%s%s".formatted(prefix(settings), broken.getMessage()), broken);
      }
      if (e.getCause() instanceof MmctException told) {
        throw told;
      }
      throw new IllegalStateException("cannot construct " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be a public record in an exported package", e);
    }
  }

  private static String prefix(Settings settings) {
    return settings.path().isEmpty() ? "" : settings.path() + ": ";
  }
}
