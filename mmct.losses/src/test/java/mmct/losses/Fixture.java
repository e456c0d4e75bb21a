package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of golden numbers: from the folder in the system property `mmct.fixtures`, or the copy
/// among the tests' resources.
record Fixture(JsonNode root) {
  static Fixture load(String name) throws IOException {
    String folder = System.getProperty("mmct.fixtures");
    try (InputStream in =
        folder == null
            ? Fixture.class.getResourceAsStream("/fixtures/" + name + ".json")
            : Files.newInputStream(Path.of(folder, name + ".json"))) {
      return new Fixture(new ObjectMapper().readTree(in));
    }
  }

  static NDArray array(JsonNode node, NDManager manager) {
    List<Float> values = new ArrayList<>();
    flatten(node, values);
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i);
    }
    Shape shape = new Shape();
    for (JsonNode level = node; level.isArray(); level = level.get(0)) {
      shape = shape.add(level.size());
    }
    return manager.create(flat, shape);
  }

  static double[] doubles(JsonNode node) {
    List<Double> values = new ArrayList<>();
    flattenDoubles(node, values);
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void flatten(JsonNode node, List<Float> into) {
    for (double value : doubles(node)) {
      into.add((float) value);
    }
  }

  private static void flattenDoubles(JsonNode node, List<Double> into) {
    if (node.isArray()) {
      node.forEach(child -> flattenDoubles(child, into));
    } else {
      into.add(node.doubleValue());
    }
  }
}
