package mmct.api.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How settings are spoken of, in configurations, errors and the reference.
final class SettingWords {
  private SettingWords() {}

  /// The word by which the configuration names an enum's constant: `SHARED_TAGS` is `shared-tags`.
  static String constant(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The range of a setting in words, such as `at least 2`; empty where it has none.
  static String range(Setting setting) {
    return Stream.of(
            bound("at least ", setting.min()),
            bound("above ", setting.above()),
            bound("at most ", setting.max()),
            bound("below ", setting.below()))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(" and "));
  }

  private static String bound(String words, double value) {
    if (Double.isInfinite(value)) {
      return "";
    }
    return words + (value == Math.rint(value) ? Long.toString((long) value) : written(value));
  }

  /// A number as one writes it in a configuration: `1e-6` rather than `1.0E-6`.
  private static String written(double value) {
    return Double.toString(value).replace(".0E", "e").replace('E', 'e');
  }

  /// The kinds that read a setting, as the rest of its sentence; empty where all do.
  static String kinds(Setting setting) {
    return setting.appliesTo().length == 0
        ? ""
        : " Read by %s.".formatted(String.join(", ", setting.appliesTo()));
  }

  private static String words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant((Enum<?>) constant))
        .collect(Collectors.joining(", "));
  }

  /// The type of a setting in words.
  static String type(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + words(type);
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long" -> "a whole number";
      case "double", "Double" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "a word";
      case "Path" -> "a path";
      default -> "a group of keys";
    };
  }
}
