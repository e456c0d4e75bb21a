package mmct.eval.tagging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Reads a fixture from the folder in the system property `mmct.fixtures` or the tests' resources.
final class Fixture {
  private Fixture() {}

  static JsonNode load(String name) throws IOException {
    String folder = System.getProperty("mmct.fixtures");
    try (InputStream in =
        folder == null
            ? Fixture.class.getResourceAsStream("/fixtures/" + name)
            : Files.newInputStream(Path.of(folder, name))) {
      return new ObjectMapper().readTree(in);
    }
  }

  /// Per row of zeros and ones, where the ones are.
  static List<int[]> ones(JsonNode rows) {
    List<int[]> ones = new ArrayList<>();
    for (JsonNode row : rows) {
      ones.add(IntStream.range(0, row.size()).filter(i -> row.get(i).doubleValue() == 1).toArray());
    }
    return ones;
  }
}
