package mmct.text.paraphrase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.RegularFiles;
import mmct.api.run.Json;

/// Reads a file of back-translations.
final class BackTranslationFile {
  private final ObjectMapper json =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private final Path file;
  private final Map<CaptionHash, List<String>> texts = new HashMap<>();
  private final Set<String> languages = new TreeSet<>();
  private long kept;
  private long unchanged;

  private BackTranslationFile(Path file) {
    this.file = file;
  }

  static BackTranslationFile read(Path file) {
    BackTranslationFile content = new BackTranslationFile(file);
    int number = 0;
    try (BufferedReader lines =
        Files.newBufferedReader(RegularFiles.require(file), StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String text = number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line;
        if (!text.isBlank()) {
          content.add(text, number);
        }
      }
      return content;
    } catch (CharacterCodingException e) {
      throw new MmctException(
          "back-translations are UTF-8 text but %s is not, some lines after line %d"
              .formatted(file, number),
          e);
    } catch (IOException e) {
      throw new MmctException(
          "the back-translations %s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
  }

  /// The distinct back-translations by their caption's hash, in the order of the file.
  Map<CaptionHash, List<String>> texts() {
    return texts;
  }

  /// The languages in the order of their names.
  Set<String> languages() {
    return languages;
  }

  /// The number of distinct back-translations.
  long kept() {
    return kept;
  }

  /// The number of lines whose text is the caption itself, which is no paraphrase.
  long unchanged() {
    return unchanged;
  }

  private void add(String line, int number) {
    JsonNode object = object(line, number);
    String digits = text(object, "hash", number);
    String language = text(object, "language", number);
    String text = text(object, "text", number);
    CaptionHash hash =
        CaptionHash.parse(digits)
            .orElseThrow(
                () ->
                    malformed(
                        "hash must be 64 hexadecimal digits but was '" + digits + "'", number));
    languages.add(language);
    if (CaptionHash.of(text).equals(hash)) {
      unchanged++;
      return;
    }
    List<String> versions = texts.computeIfAbsent(hash, _ -> new ArrayList<>(2));
    if (!versions.contains(text)) {
      versions.add(text);
      kept++;
    }
  }

  private JsonNode object(String line, int number) {
    try {
      JsonNode node = json.readTree(line);
      if (!node.isObject()) {
        throw malformed("a line must be one JSON object", number);
      }
      return node;
    } catch (JsonProcessingException e) {
      throw malformed("a line must be one JSON object: " + Json.reason(e), number);
    }
  }

  private String text(JsonNode object, String key, int number) {
    JsonNode value = object.get(key);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw malformed("%s must be a text but was %s".formatted(key, value), number);
    }
    return value.textValue();
  }

  private MmctException malformed(String reason, int number) {
    return new MmctException("%s (%s:%d)".formatted(reason, file, number));
  }
}
