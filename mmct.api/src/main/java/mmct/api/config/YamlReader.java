package mmct.api.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads YAML into [Settings], keeping the line of every key.
public final class YamlReader {
  private final String source;
  private final Optional<Path> folder;
  private final Map<String, Settings.Origin> origins = new LinkedHashMap<>();

  private YamlReader(String source, Optional<Path> folder) {
    this.source = source;
    this.folder = folder;
  }

  /// Reads a document.
  ///
  /// @param text the YAML text
  /// @param source the name that errors give: a file's or a preset's
  public static Settings read(String text, String source) {
    return read(text, source, Optional.empty());
  }

  /// Reads a document of a file.
  ///
  /// @param text the YAML text
  /// @param source the name that errors give
  /// @param folder the folder from which relative paths start; the working directory if empty
  public static Settings read(String text, String source, Optional<Path> folder) {
    try {
      return new YamlReader(source, folder).document(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigurationException(
          "%s is not YAML: %s (%s:%d)".formatted(source, reason(e), source, line), e);
    } catch (IOException e) {
      throw new ConfigurationException(source + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// Reads one value as YAML would: `3`, `1e-4`, `true`, `[a, b]`, `{a: 1}` or a word.
  ///
  /// @param origin where it was written, for errors
  static @Nullable Object value(String text, String origin) {
    if (text.isBlank()) {
      return "";
    }
    try {
      return new YamlReader(origin, Optional.empty())
          .document("value: " + text)
          .toMap()
          .get("value");
    } catch (IOException e) {
      String reason = e instanceof JsonProcessingException parsing ? reason(parsing) : "malformed";
      throw new ConfigurationException(
          "'%s' is not a YAML value: %s (%s)".formatted(text, reason, origin), e);
    }
  }

  private static String reason(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("malformed");
  }

  private Settings document(String text) throws IOException {
    try (JsonParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return Settings.empty();
      }
      if (!(value(parser, "") instanceof Map<?, ?> map)) {
        throw new ConfigurationException("a configuration is a group of keys (" + source + ")");
      }
      @SuppressWarnings("unchecked")
      Map<String, @Nullable Object> root = (Map<String, @Nullable Object>) map;
      return new Settings(root, origins, "");
    }
  }

  private @Nullable Object value(JsonParser parser, String path) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, path);
      case START_ARRAY -> {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser, path));
        }
        yield items;
      }
      case VALUE_NUMBER_INT -> (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> (Object) parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case VALUE_STRING -> number(parser.getText());
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new ConfigurationException("unexpected YAML in " + source);
    };
  }

  /// YAML 1.1 takes `1e-4` for a word because it has no point; a user means the number.
  private static Object number(String text) {
    if (text.matches("[-+]?\\d+(\\.\\d*)?[eE][-+]?\\d+")) {
      return Double.valueOf(text);
    }
    return text;
  }

  private Map<String, @Nullable Object> object(JsonParser parser, String path) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      Settings.Origin origin =
          new Settings.Origin(source + ":" + parser.currentTokenLocation().getLineNr(), folder);
      if (map.containsKey(key)) {
        throw new ConfigurationException(keyPath + " is written twice (" + origin.text() + ")");
      }
      origins.put(keyPath, origin);
      parser.nextToken();
      map.put(key, value(parser, keyPath));
    }
    return map;
  }
}
