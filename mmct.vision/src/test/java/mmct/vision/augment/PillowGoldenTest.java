package mmct.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import mmct.api.config.Settings;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.vision.ImageOptions;
import mmct.vision.decode.Decoded;
import mmct.vision.decode.Pixels;
import mmct.vision.resample.Planes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Views agree with Pillow's, on which torchvision's transforms stand, but for its rounding to
/// whole numbers in between; the numbers are written by `pillow_golden.py` beside them.
class PillowGoldenTest {
  private static JsonNode golden;
  private static Pixels picture;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream json = PillowGoldenTest.class.getResourceAsStream("pillow_golden.json")) {
      golden = new ObjectMapper().readTree(json);
    }
    byte[] rgb = new byte[golden.get("pixels").size()];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) golden.get("pixels").get(i).asInt();
    }
    picture = new Pixels(rgb, golden.get("width").asInt(), golden.get("height").asInt());
  }

  /// Options that leave values between 0 and 255.
  private static ImageOptions raw(int size, Map<String, Object> evaluation) {
    return Settings.of(
            Map.of(
                "size",
                size,
                "evaluation",
                evaluation,
                "mean",
                List.of(0, 0, 0),
                "std",
                List.of(1 / 255.0, 1 / 255.0, 1 / 255.0)))
        .bind(ImageOptions.class);
  }

  @Test
  void resizedCropsAgree() {
    for (JsonNode crop : golden.get("resizedCrops")) {
      Region region =
          new Region(
              crop.get("x").asInt(),
              crop.get("y").asInt(),
              crop.get("width").asInt(),
              crop.get("height").asInt());
      float[] view =
          floats(
              new MocoAugmentation(raw(crop.get("size").asInt(), Map.of()))
                  .view(
                      Decoded.whole(picture),
                      new MocoAugmentation.Draw(region, List.of(), false, 0, false)));
      // Pillow rounds after each of the two passes.
      assertThat(largestDifference(view, crop.get("values"))).as("%s", region).isLessThan(1.1);
    }
  }

  @Test
  void centreCropsAgree() {
    for (JsonNode crop : golden.get("centreCrops")) {
      Map<String, Object> evaluation = Map.of("shorterSide", crop.get("shorterSide").asInt());
      float[] view =
          floats(new PlainAugmentation(raw(crop.get("size").asInt(), evaluation)).view(picture));
      assertThat(largestDifference(view, crop.get("values"))).isLessThan(1.1);
    }
  }

  @Test
  void colourOperationsAgree() {
    for (JsonNode adjustment : golden.get("adjustments")) {
      Planes planes = planes();
      float amount = (float) adjustment.get("amount").asDouble();
      String name = adjustment.get("name").asText();
      switch (name) {
        case "brightness" -> ColourOperations.brightness(planes, amount);
        case "contrast" -> ColourOperations.contrast(planes, amount);
        case "saturation" -> ColourOperations.saturation(planes, amount);
        case "grey" -> ColourOperations.greyscale(planes);
        case "hue" -> ColourOperations.hue(planes, (int) (amount * 255) / 255f, planes());
        default -> throw new AssertionError(name);
      }
      float[] values = new float[3 * planes.red().length];
      System.arraycopy(planes.red(), 0, values, 0, planes.red().length);
      System.arraycopy(planes.green(), 0, values, planes.red().length, planes.red().length);
      System.arraycopy(planes.blue(), 0, values, 2 * planes.red().length, planes.red().length);
      // Pillow cuts hues to 255 steps, six grey levels apart at full saturation, and saturations
      // too.
      assertThat(largestDifference(values, adjustment.get("values")))
          .as("%s %s", name, amount)
          .isLessThan(name.equals("hue") ? 10 : 1.1);
    }
  }

  private static float[] floats(View view) {
    return ((HostArray.Bytes) view.arrays().getFirst()).toFloats();
  }

  private static Planes planes() {
    int pixels = picture.width() * picture.height();
    float[][] colours = new float[3][pixels];
    for (int i = 0; i < 3 * pixels; i++) {
      colours[i % 3][i / 3] = picture.rgb()[i] & 0xff;
    }
    return new Planes(colours[0], colours[1], colours[2], picture.width());
  }

  /// Between planes and interleaved values.
  private static double largestDifference(float[] planes, JsonNode expected) {
    int pixels = planes.length / 3;
    assertThat(expected.size()).isEqualTo(planes.length);
    double largest = 0;
    for (int i = 0; i < planes.length; i++) {
      double difference = planes[i % 3 * pixels + i / 3] - expected.get(i).asDouble();
      largest = Math.max(largest, Math.abs(difference));
    }
    return largest;
  }
}
