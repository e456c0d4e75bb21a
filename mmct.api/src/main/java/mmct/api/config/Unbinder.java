package mmct.api.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The inverse of [Binder]: writes an options record out as the values that bind to it.
///
/// @param paths how a path is written
record Unbinder(Function<Path, String> paths) {
  /// The components by name, in order; an empty `Optional`, `List` or `Map` is left out.
  Map<String, @Nullable Object> unbind(Record options) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (RecordComponent component : options.getClass().getRecordComponents()) {
      Object value = read(options, component);
      // A list that was emptied is not the default one.
      boolean emptied = value instanceof List<?> && hasDefault(component);
      if (emptied || !isAbsent(value)) {
        values.put(component.getName(), plain(value));
      }
    }
    return values;
  }

  private static boolean hasDefault(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    return setting != null && !setting.byDefault().isEmpty();
  }

  private static boolean isAbsent(Object value) {
    return switch (value) {
      case Optional<?> optional -> optional.isEmpty();
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case Settings settings -> settings.keys().isEmpty();
      default -> false;
    };
  }

  private Object plain(Object value) {
    return switch (value) {
      case Optional<?> optional -> plain(optional.orElseThrow());
      case Record options -> unbind(options);
      case Settings settings -> settings.toMap();
      case Enum<?> constant -> SettingWords.constant(constant);
      case Path path -> paths.apply(path);
      case Integer number -> (Object) number.longValue();
      case List<?> list -> list.stream().map(this::plain).toList();
      case Map<?, ?> map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, entry) -> entries.put(String.valueOf(key), plain(entry)));
        yield entries;
      }
      default -> value;
    };
  }

  private static Object read(Record options, RecordComponent component) {
    try {
      return component.getAccessor().invoke(options);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          options.getClass() + " must be a public record in an exported package", e);
    }
  }
}
