package mmct.eval.encode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.SettingDescription;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.spi.Feeding;
import mmct.api.spi.TrainedEncoder;
import org.jspecify.annotations.Nullable;

/// The keys of [EncoderDescription] as the texts by name that an ONNX file holds. Groups are
/// dotted: `option.size`. Numbers, booleans and lists are written as JSON, words as they are.
final class Metadata {
  private static final String ARTEFACT = "artefact.";
  private static final String BINARY_ARTEFACT = "artefact-base64.";
  private static final String RULE = "rule";
  private static final String ORIGIN = "origin";
  private static final Set<String> KEYS = SettingDescription.keys(EncoderDescription.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private Metadata() {}

  /// What is read from a file.
  ///
  /// @param settings the keys of [EncoderDescription]
  /// @param artefacts the modality's files by name
  record Read(Settings settings, Map<String, byte[]> artefacts) {}

  /// What the file of an encoder says.
  static Map<String, String> of(TrainedEncoder encoder, Feeding feeding) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("version", "1");
    texts.put("modality", text(encoder.modality()));
    texts.put("type", text(encoder.type()));
    texts.put("inputs", text(feeding.inputs()));
    texts.put("output", text(OnnxEncoderExporter.OUTPUT));
    texts.put("width", text(encoder.width()));
    encoder.space().ifPresent(space -> texts.put("space", text(space)));
    texts.put("normalised", text(encoder.space().isPresent()));
    texts.put("momentum", text(encoder.momentum()));
    feeding
        .lengths()
        .ifPresent(
            range -> {
              texts.put("length.least", text(range.least()));
              texts.put("length.most", text(range.most()));
            });
    flatten("option", encoder.options().toMap(), texts);
    feeding.rules().forEach((name, rule) -> texts.put(RULE + "." + name, rule));
    encoder.origin().forEach((name, value) -> texts.put(ORIGIN + "." + name, value));
    encoder.artefacts().forEach((name, content) -> artefact(name, content, texts));
    return texts;
  }

  private static void flatten(String path, @Nullable Object value, Map<String, String> texts) {
    if (value instanceof Map<?, ?> group) {
      group.forEach((key, below) -> flatten(path + "." + key, below, texts));
    } else if (value != null) {
      texts.put(path, text(value));
    }
  }

  private static void artefact(String name, byte[] content, Map<String, String> texts) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      texts.put(ARTEFACT + name, text);
    } catch (CharacterCodingException e) {
      texts.put(BINARY_ARTEFACT + name, Base64.getEncoder().encodeToString(content));
    }
  }

  /// A word as it is where it reads as that word, everything else as JSON, which is YAML too.
  private static String text(Object value) {
    if (value instanceof String word && readsAsItself(word)) {
      return word;
    }
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + value, e);
    }
  }

  private static boolean readsAsItself(String word) {
    try {
      return word.equals(value(word, ""));
    } catch (ConfigurationException e) {
      return false;
    }
  }

  private static @Nullable Object value(String text, String source) {
    return YamlReader.read("value: " + text, source).get("value").orElse(null);
  }

  /// Reads what a file says; keys that belong to somebody else are passed over.
  ///
  /// @param source the file, for errors
  static Read read(Map<String, String> texts, String source) {
    Settings settings = Settings.empty();
    Map<String, byte[]> artefacts = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : texts.entrySet()) {
      String key = entry.getKey();
      String text = entry.getValue();
      if (key.startsWith(ARTEFACT)) {
        artefacts.put(key.substring(ARTEFACT.length()), text.getBytes(StandardCharsets.UTF_8));
      } else if (key.startsWith(BINARY_ARTEFACT)) {
        artefacts.put(key.substring(BINARY_ARTEFACT.length()), binary(key, text, source));
      } else {
        settings = setting(key, text, source).over(settings);
      }
    }
    return new Read(settings, artefacts);
  }

  private static byte[] binary(String key, String text, String source) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MmctException("%s is not base64 (metadata of %s)".formatted(key, source), e);
    }
  }

  private static Settings setting(String key, String text, String source) {
    String group = key.replaceFirst("\\..*", "");
    if (!KEYS.contains(group) || key.endsWith(".") || key.contains("..")) {
      return Settings.empty();
    }
    boolean words = group.equals(RULE) || group.equals(ORIGIN);
    String origin = "metadata of " + source;
    return Settings.at(key, words ? text : value(text, origin), origin);
  }
}
