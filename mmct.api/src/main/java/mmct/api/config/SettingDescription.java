package mmct.api.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One setting in words, for the reference.
///
/// @param key the key in the configuration
/// @param type the kind of value, such as `a whole number`
/// @param byDefault the default as it is written; empty text where there is none
/// @param required whether the key must be written
/// @param allowed the range or the words allowed; empty text where everything of the type is
/// @param meaning what it means, one sentence
/// @param group the options record of the keys below this one, where it is a group of known keys
public record SettingDescription(
    String key,
    String type,
    String byDefault,
    boolean required,
    String allowed,
    String meaning,
    Optional<Class<? extends Record>> group) {

  /// Describes the settings of an options record, in order.
  public static List<SettingDescription> of(Class<? extends Record> options) {
    return Arrays.stream(options.getRecordComponents()).map(SettingDescription::of).toList();
  }

  /// The keys of an options record.
  public static Set<String> keys(Class<? extends Record> options) {
    return Arrays.stream(options.getRecordComponents())
        .map(RecordComponent::getName)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static SettingDescription of(RecordComponent component) {
    Setting setting =
        Objects.requireNonNull(
            component.getAnnotation(Setting.class), () -> component + " has no @Setting");
    Class<?> raw = component.getType();
    boolean empty = raw == Optional.class || raw == List.class || raw == Map.class;
    return new SettingDescription(
        component.getName(),
        words(component.getGenericType()),
        setting.byDefault(),
        setting.byDefault().isEmpty() && !empty && raw != Settings.class && !raw.isRecord(),
        setting.choices().length > 0
            ? String.join(", ", setting.choices())
            : SettingWords.range(setting),
        setting.value()
            + SettingWords.kinds(setting)
            + (setting.fixed() ? " Stays as it is in a run that goes on." : ""),
        group(component.getGenericType()));
  }

  private static String words(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      if (generic.getRawType() == Optional.class) {
        return words(last);
      }
      return (generic.getRawType() == List.class ? "a list, each " : "by name, each ")
          + words(last);
    }
    return SettingWords.type((Class<?>) type);
  }

  private static Optional<Class<? extends Record>> group(Type type) {
    if (type instanceof ParameterizedType generic) {
      return group(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]);
    }
    Class<?> raw = (Class<?>) type;
    return raw.isRecord() ? Optional.of(raw.asSubclass(Record.class)) : Optional.empty();
  }
}
