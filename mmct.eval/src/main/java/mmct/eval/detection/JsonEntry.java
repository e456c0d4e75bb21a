package mmct.eval.detection;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import mmct.api.MmctException;

/// One object of a list in a JSON file; its errors say which.
///
/// @param node the object
/// @param place the file, the list and the number in it, from 0
record JsonEntry(JsonNode node, String place) {

  /// Refuses what is no object.
  JsonEntry {
    if (!node.isObject()) {
      throw new MmctException("%s must be an object but is %s".formatted(place, shown(node)));
    }
  }

  /// Whether a field is there and is not null.
  boolean has(String field) {
    return node.hasNonNull(field);
  }

  /// A whole number, also as a fraction, `17.0`, as a table with a gap in it is written.
  long whole(String field) {
    JsonNode value = required(field);
    if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      throw wrong(field, "a whole number", value);
    }
    return value.longValue();
  }

  /// A whole number from 1 to 32767, as the side of an image: 32767² is still a whole number.
  int side(String field) {
    long side = whole(field);
    if (side < 1 || side > Short.MAX_VALUE) {
      throw wrong(field, "from 1 to " + Short.MAX_VALUE, required(field));
    }
    return (int) side;
  }

  /// A finite number.
  double number(String field) {
    return number(required(field), field);
  }

  /// Whether a field that may be missing is 1 or true.
  boolean flag(String field) {
    return has(field) && node.get(field).asInt(node.get(field).asBoolean() ? 1 : 0) != 0;
  }

  /// A text.
  String text(String field) {
    JsonNode value = required(field);
    if (!value.isTextual()) {
      throw wrong(field, "a text", value);
    }
    return value.textValue();
  }

  /// A box `[x, y, width, height]`.
  Box box(String field) {
    double[] sides = numbers(required(field), field);
    if (sides.length != 4 || sides[2] < 0 || sides[3] < 0) {
      throw wrong(field, "x, y, width and height, none below 0", required(field));
    }
    return new Box(sides[0], sides[1], sides[2], sides[3]);
  }

  /// A mask: polygons, or an object with `size` and `counts`, compressed or not.
  ///
  /// @param size of the image
  Mask mask(String field, Instances.ImageSize size) {
    JsonNode value = required(field);
    try {
      if (value.isArray()) {
        return PolygonMask.of(size.height(), size.width(), polygons(value, field));
      }
      return runs(new JsonEntry(value, place + ", " + field), size);
    } catch (IllegalArgumentException e) {
      throw new MmctException("%s: %s is no mask: %s".formatted(place, field, e.getMessage()), e);
    }
  }

  private List<double[]> polygons(JsonNode value, String field) {
    if (value.isEmpty()) {
      throw wrong(field, "one polygon at least", value);
    }
    return IntStream.range(0, value.size()).mapToObj(i -> numbers(value.get(i), field)).toList();
  }

  private static Mask runs(JsonEntry mask, Instances.ImageSize size) {
    double[] sides = mask.numbers(mask.required("size"), "size");
    if (sides.length != 2 || sides[0] != size.height() || sides[1] != size.width()) {
      throw mask.wrong(
          "size",
          "that of the image, [%d, %d]".formatted(size.height(), size.width()),
          mask.required("size"));
    }
    JsonNode counts = mask.required("counts");
    if (counts.isTextual()) {
      return Mask.parse(size.height(), size.width(), counts.textValue());
    }
    double[] lengths = mask.numbers(counts, "counts");
    int[] runs = new int[lengths.length];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = (int) lengths[i];
      if (runs[i] != lengths[i]) {
        throw mask.wrong("counts", "whole numbers", counts.get(i));
      }
    }
    return Mask.of(size.height(), size.width(), runs);
  }

  private double[] numbers(JsonNode values, String field) {
    if (!values.isArray()) {
      throw wrong(field, "a list of numbers", values);
    }
    return IntStream.range(0, values.size())
        .mapToDouble(i -> number(values.get(i), field))
        .toArray();
  }

  private double number(JsonNode value, String field) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(field, "a number", value);
    }
    return value.doubleValue();
  }

  private JsonNode required(String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      throw new MmctException("%s has no %s".formatted(place, field));
    }
    return value;
  }

  /// An error about the value of a field.
  MmctException wrong(String field, String rule, JsonNode value) {
    return new MmctException(
        "%s: %s must be %s but is %s".formatted(place, field, rule, shown(value)));
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 57) + "..." : text;
  }
}
