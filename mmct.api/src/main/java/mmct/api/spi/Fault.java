package mmct.api.spi;

import java.util.Objects;

/// What is wrong with a provider, by what it threw, with the remedy where there is a usual one.
final class Fault {
  private Fault() {}

  /// In words, on one line.
  static String of(Throwable thrown) {
    return switch (thrown) {
      case ExceptionInInitializerError failed -> "a static initialiser failed: " + cause(failed);
      case UnsupportedClassVersionError newer ->
          "it is compiled for a newer Java than %d (%s); compile it with --release %d"
              .formatted(version(), words(newer), version());
      case NoClassDefFoundError missing -> missing(missing);
      case ClassNotFoundException missing -> missing(missing);
      case StackOverflowError _ ->
          "StackOverflowError; a method calls itself without end, or too deeply";
      case IncompatibleClassChangeError changed ->
          "%s; it is compiled with another version of the toolkit or of a library: compile it against %s %s"
              .formatted(words(changed), ApiVersion.ATTRIBUTE, ApiVersion.CURRENT);
      default -> words(thrown);
    };
  }

  private static String missing(Throwable missing) {
    if (missing.getCause() instanceof ExceptionInInitializerError failed) {
      return "a static initialiser failed before: " + cause(failed);
    }
    return "%s; the jar that has this class is missing: put it beside the plugin, and say `requires` in its module-info"
        .formatted(words(missing));
  }

  private static String cause(ExceptionInInitializerError failed) {
    return words(Objects.requireNonNullElse(failed.getCause(), failed));
  }

  private static int version() {
    return Runtime.version().feature();
  }

  /// The exception and its message as one line.
  private static String words(Throwable thrown) {
    return thrown.toString().strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
