package mmct.api.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How the files of a run are written as JSON.
///
/// JSON has no NaN and no infinity; they are written as the strings `"NaN"`, `"Infinity"` and
/// `"-Infinity"`, so that every reader accepts the file and nobody mistakes them for a number that
/// is missing.
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private Json() {}

  /// One line, without its end.
  public static byte[] line(Map<String, ? extends @Nullable Object> content) {
    try {
      return MAPPER.writeValueAsBytes(content);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + content, e);
    }
  }

  /// A file for people, one value per line.
  public static byte[] pretty(Map<String, ? extends @Nullable Object> content) {
    try {
      byte[] text = MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(content);
      byte[] ended = java.util.Arrays.copyOf(text, text.length + 1);
      ended[text.length] = '\n';
      return ended;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON: " + content, e);
    }
  }

  /// An object.
  ///
  /// @throws IOException where the text is not JSON, or no object
  public static Map<String, @Nullable Object> read(byte[] text) throws IOException {
    @Nullable Map<String, @Nullable Object> object =
        MAPPER.readValue(text, new TypeReference<>() {});
    if (object == null) {
      throw new IOException("it holds null where an object is needed");
    }
    return object;
  }

  /// Why a text is not JSON, in one line and without the parser's words on where it read from.
  public static String reason(JsonProcessingException failure) {
    return failure
        .getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("malformed")
        .replaceAll("\\[Source: [^;\\]]*; (line: \\d+)[^\\]]*]", "$1");
  }
}
