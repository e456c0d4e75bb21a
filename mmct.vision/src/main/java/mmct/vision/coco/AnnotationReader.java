package mmct.vision.coco;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.data.WrittenText;
import mmct.api.io.AtomicFiles;
import mmct.api.io.RegularFiles;
import mmct.api.run.Json;

/// Reads one annotation file token by token: the largest of COCO's, half a gigabyte of outlines, is
/// never in memory.
final class AnnotationReader {
  /// The keys that matter in an element of any list; the others, such as outlines, are passed over.
  private static final Set<String> KEYS =
      Set.of("id", "file_name", "image_id", "caption", "category_id", "name");

  /// JSON as Python's `json` writes it: numbers may be NaN and Infinity.
  private static final JsonFactory PYTHONS =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /// Digits of the longest whole number that is written out; those of a computer have 20.
  private static final int LONGEST_ID = 40;

  private final Path file;
  private final Pictures pictures;
  private final Map<String, String> categories = new HashMap<>();
  private final Set<String> lists = new HashSet<>();

  /// The fields of the element that is being read.
  private final Map<String, String> fields = new HashMap<>();

  /// What an annotation file says about a picture.
  enum Content {
    /// Captions.
    CAPTIONS,
    /// Objects.
    INSTANCES
  }

  private AnnotationReader(Path file, Pictures pictures) {
    this.file = file;
    this.pictures = pictures;
  }

  /// Reads a file into the pictures of its split.
  static void read(Path file, Content content, Pictures pictures) {
    new AnnotationReader(RegularFiles.require(file), pictures).read(content);
  }

  private void read(Content content) {
    try (JsonParser parser = PYTHONS.createParser(file.toFile())) {
      readLists(parser, content);
    } catch (JsonProcessingException e) {
      throw new MmctException("%s is not JSON: %s".formatted(file, reason(e)), e);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, AtomicFiles.reason(e)), e);
    }
    for (String key : List.of("images", "annotations")) {
      if (!lists.contains(key)) {
        throw new MmctException("%s has no key %s".formatted(file, key));
      }
    }
    pictures.nameCategories(categories, file);
  }

  private static String reason(JsonProcessingException e) {
    String message = Json.reason(e);
    return e.getLocation() == null
        ? message
        : "%s (line %d, column %d)"
            .formatted(message, e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private void readLists(JsonParser parser, Content content) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new MmctException(file + " must hold a JSON object with images and annotations");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "images" -> readList(parser, key, this::picture);
        case "annotations" ->
            readList(parser, key, content == Content.CAPTIONS ? this::caption : this::instance);
        case "categories" -> readList(parser, key, this::category);
        default -> parser.skipChildren();
      }
    }
  }

  private void readList(JsonParser parser, String key, Consumer<Place> element) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new MmctException("%s: %s must be a list".formatted(file, key));
    }
    lists.add(key);
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Place place = new Place(file, key, index++);
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new MmctException(place + " must be an object");
      }
      readFields(parser);
      element.accept(place);
    }
  }

  private void readFields(JsonParser parser) throws IOException {
    fields.clear();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (KEYS.contains(key) && (value == JsonToken.VALUE_STRING || value.isNumeric())) {
        fields.put(key, value.isNumeric() ? number(parser.getText()) : parser.getText());
      } else if (value == JsonToken.VALUE_NULL && key.equals("caption")) {
        fields.put(key, ""); // a caption that is not there, as a blank one
      } else {
        parser.skipChildren();
      }
    }
  }

  /// A table that had a gap writes its whole numbers as fractions: 17 and 17.0 are one id.
  private static String number(String text) {
    if (!text.matches("[-+0-9.eE]+")) {
      return text;
    }
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    boolean whole = number.scale() <= 0 && number.precision() - number.scale() <= LONGEST_ID;
    return whole ? number.toBigInteger().toString() : text;
  }

  private void picture(Place place) {
    pictures.add(field("id", place), field("file_name", place), place);
  }

  private void caption(Place place) {
    pictures.addCaption(field("image_id", place), field("caption", place), place);
  }

  private void instance(Place place) {
    pictures.addCategory(field("image_id", place), field("category_id", place), place);
  }

  private void category(Place place) {
    categories.put(field("id", place), WrittenText.name(field("name", place)));
  }

  private String field(String key, Place place) {
    String value = fields.get(key);
    if (value == null) {
      throw new MmctException("%s has no %s that is a text or a number".formatted(place, key));
    }
    return value;
  }
}
