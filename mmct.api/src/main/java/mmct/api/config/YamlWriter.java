package mmct.api.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import mmct.api.VisibleText;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.reader.StreamReader;

/// Writes [Settings] as YAML that [YamlReader] reads back to equal values.
public final class YamlWriter {
  private static final int REMARK_COLUMN = 44;

  /// What YAML 1.1 takes for something else than a word.
  private static final Set<String> NO_WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null", "~", "");

  private final StringBuilder out = new StringBuilder();
  private final Function<String, Optional<String>> remarks;

  private YamlWriter(Function<String, Optional<String>> remarks) {
    this.remarks = remarks;
  }

  /// The tree as YAML.
  public static String write(Settings settings) {
    return write(settings, path -> Optional.empty());
  }

  /// The tree as YAML with a comment behind each value.
  ///
  /// @param remarks by the dotted path of a value, the comment
  public static String write(Settings settings, Function<String, Optional<String>> remarks) {
    YamlWriter writer = new YamlWriter(remarks);
    writer.group(settings.toMap(), "", "");
    return writer.out.toString();
  }

  private void group(Map<?, ?> values, String path, String indent) {
    values.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          String keyPath = path.isEmpty() ? name : path + "." + name;
          String start = indent + word(name) + ":";
          if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            out.append(start).append('\n');
            group(map, keyPath, indent + "  ");
          } else {
            line(start + " " + flow(value), remarks.apply(keyPath));
          }
        });
  }

  private void line(String text, Optional<String> remark) {
    out.append(text);
    if (remark.isPresent()) {
      out.repeat(' ', Math.max(1, REMARK_COLUMN - text.length()));
      out.append("# ").append(remark.get().lines().collect(Collectors.joining(" ")));
    }
    out.append('\n');
  }

  private static String flow(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case List<?> list ->
          list.stream().map(YamlWriter::flow).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> word(String.valueOf(entry.getKey())) + ": " + flow(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Double number -> number(number);
      case String text -> word(text);
      default -> value.toString();
    };
  }

  /// `1e-4` rather than `1.0E-4`.
  private static String number(double number) {
    return Double.toString(number).replace(".0E", "e").replace("E", "e");
  }

  private static String word(String text) {
    boolean plain =
        text.matches("[\\p{L}_/][\\p{L}\\p{N}_./+ -]*")
            && !text.endsWith(" ")
            && !NO_WORDS.contains(text.toLowerCase(java.util.Locale.ROOT));
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (isEscaped(c)) {
                quoted.append((c > 0xffff ? "\\U%08x" : "\\u%04x").formatted(c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  /// What YAML does not take as it is or takes for the end of a line, and what a terminal acts on.
  private static boolean isEscaped(int c) {
    return VisibleText.isActedOn(c)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff
        || !StreamReader.isPrintable(c);
  }
}
