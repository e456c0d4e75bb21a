package mmct.eval.detection;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.run.Json;
import mmct.eval.DetectionScore.Kind;
import mmct.eval.detection.Instances.Detection;
import mmct.eval.detection.Instances.ImageSize;
import mmct.eval.detection.Instances.TrueObject;
import org.jspecify.annotations.Nullable;

/// Reads COCO's files of objects and of detections, one entry at a time: what stays in memory are
/// boxes and runs, not the text.
final class CocoFiles {
  /// JSON as Python's `json` writes it: numbers may be NaN and Infinity where nobody reads them.
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final Kind kind;

  /// Prepares to read boxes or masks.
  CocoFiles(Kind kind) {
    this.kind = kind;
  }

  /// Reads images, categories and objects.
  ///
  /// @throws MmctException naming the file and the entry that cannot be read
  Instances truth(Path file) {
    TreeMap<Long, ImageSize> images = new TreeMap<>();
    TreeMap<Long, String> categories = new TreeMap<>();
    // Masks need the sizes of the images, which may come later in the file: two passes.
    lists(
        file,
        Map.of(
            "images",
            it ->
                images.put(
                    it.whole("id"),
                    kind == Kind.SEGM
                        ? new ImageSize(it.side("height"), it.side("width"))
                        : new ImageSize(1, 1)),
            "categories",
            it -> categories.put(it.whole("id"), it.text("name"))));
    requireSome(file, "images", images.size());
    requireSome(file, "categories", categories.size());
    List<TrueObject> objects = new ArrayList<>();
    Instances instances = new Instances(images, categories, objects);
    lists(file, Map.of("annotations", it -> objects.add(object(it, instances, file))));
    requireSome(file, "annotations", objects.size());
    return instances;
  }

  private static void requireSome(Path file, String list, int size) {
    if (size == 0) {
      throw new MmctException("%s has no %s".formatted(file, list));
    }
  }

  private TrueObject object(JsonEntry it, Instances instances, Path file) {
    long image = known(it, "image_id", instances.images(), file);
    long category = known(it, "category_id", instances.categories(), file);
    boolean crowd = it.flag("iscrowd");
    Region region = region(it, instances.images().get(image));
    double area = it.has("area") ? it.number("area") : region.area();
    boolean difficult = it.flag("difficult") || it.flag("ignore") || crowd;
    return new TrueObject(image, category, region, area, crowd, difficult);
  }

  /// Reads detections in the images of some instances.
  ///
  /// @throws MmctException naming the file and the entry that cannot be read
  List<Detection> detections(Path file, Instances instances, Path truth) {
    List<Detection> detections = new ArrayList<>();
    parse(
        file,
        parser -> {
          requireStart(parser, JsonToken.START_ARRAY, "a list of detections", file);
          entries(
              parser, file + ", detection ", it -> detections.add(detection(it, instances, truth)));
        });
    return detections;
  }

  private Detection detection(JsonEntry it, Instances instances, Path truth) {
    long image = known(it, "image_id", instances.images(), truth);
    long category = known(it, "category_id", instances.categories(), truth);
    return new Detection(
        image, category, it.number("score"), region(it, instances.images().get(image)));
  }

  private static long known(JsonEntry it, String field, Map<Long, ?> known, Path truth) {
    long id = it.whole(field);
    if (!known.containsKey(id)) {
      throw new MmctException("%s: %s %d is not in %s".formatted(it.place(), field, id, truth));
    }
    return id;
  }

  private Region region(JsonEntry it, @Nullable ImageSize size) {
    return switch (kind) {
      case BBOX -> it.box("bbox");
      case SEGM -> it.mask("segmentation", Objects.requireNonNull(size));
    };
  }

  /// Reads the named lists of a file that is one object; the others are passed over.
  private static void lists(Path file, Map<String, Consumer<JsonEntry>> readers) {
    parse(
        file,
        parser -> {
          requireStart(parser, JsonToken.START_OBJECT, "an object of lists", file);
          while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            Consumer<JsonEntry> reader = readers.get(name);
            if (reader == null) {
              parser.skipChildren();
            } else if (parser.currentToken() == JsonToken.START_ARRAY) {
              entries(parser, "%s, %s ".formatted(file, name), reader);
            } else {
              throw new MmctException("%s: %s must be a list".formatted(file, name));
            }
          }
        });
  }

  private static void requireStart(JsonParser parser, JsonToken start, String what, Path file)
      throws IOException {
    if (parser.nextToken() != start) {
      throw new MmctException("%s must hold %s".formatted(file, what));
    }
  }

  private static void entries(JsonParser parser, String place, Consumer<JsonEntry> reader)
      throws IOException {
    for (int number = 0; parser.nextToken() != JsonToken.END_ARRAY; number++) {
      reader.accept(new JsonEntry(MAPPER.readTree(parser), place + number));
    }
  }

  /// Reads a file.
  @FunctionalInterface
  private interface Reading {
    void read(JsonParser parser) throws IOException;
  }

  private static void parse(Path file, Reading reading) {
    if (!Files.isRegularFile(file)) {
      throw new MmctException("there is no file " + file);
    }
    try (JsonParser parser = MAPPER.createParser(file.toFile())) {
      reading.read(parser);
      if (parser.nextToken() != null) {
        throw new MmctException("%s goes on after its end".formatted(file));
      }
    } catch (JsonProcessingException e) {
      throw new MmctException(
          "%s is not JSON: %s (line %d)".formatted(file, Json.reason(e), line(e)), e);
    } catch (IOException e) {
      throw new MmctException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }
}
