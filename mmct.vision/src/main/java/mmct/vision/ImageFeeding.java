package mmct.vision;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.spi.Feeding;

/// Says in words and numbers how a picture becomes the input of an encoder, so that another program
/// can do the same.
final class ImageFeeding {
  private ImageFeeding() {}

  /// What [mmct.vision.augment.PlainAugmentation] does, and the decoder before it.
  static Feeding of(ImageOptions options) {
    int size = options.size();
    Map<String, String> rules = new LinkedHashMap<>();
    rules.put("input", "pixels: float32 [n, 3, %d, %d], rows from the top".formatted(size, size));
    rules.put("channels", "red, green, blue");
    rules.put("orientation", "turned as EXIF's orientation says");
    rules.put("transparency", "laid over white");
    if (options.shrink() > 0) {
      rules.put(
          "shrink",
          "where the shorter side is longer than %d pixels, both sides are reduced so that it has %d, by averaging areas"
              .formatted(options.shrink(), options.shrink()));
    }
    resizing(options, rules);
    rules.put("size", Integer.toString(size));
    rules.put(
        "interpolation",
        "bilinear; a triangle filter widened by the scale where it reduces, as Pillow's BILINEAR");
    rules.put("range", "bytes divided by 255, 0 to 1");
    rules.put("mean", options.mean().toString());
    rules.put("std", options.std().toString());
    rules.put("normalisation", "(value - mean) / std, channel by channel");
    return new Feeding(List.of("pixels"), Optional.empty(), rules);
  }

  private static void resizing(ImageOptions options, Map<String, String> rules) {
    int size = options.size();
    switch (options.evaluation().fit()) {
      case STRETCH ->
          rules.put(
              "resize", "to %d x %d pixels, each side by its own factor".formatted(size, size));
      case CENTRE_CROP -> {
        int shorter = options.evaluationShorterSide();
        rules.put("shorterSide", Integer.toString(shorter));
        rules.put(
            "resize",
            "the shorter side to %d pixels, the longer to floor(%d * longer / shorter)"
                .formatted(shorter, shorter));
        rules.put(
            "crop",
            "then the centre of %d x %d pixels, beginning at (length - %d) / 2, halves rounded to even"
                .formatted(size, size, size));
      }
    }
  }
}
