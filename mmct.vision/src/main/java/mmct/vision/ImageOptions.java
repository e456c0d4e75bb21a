package mmct.vision;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mmct.api.config.Setting;

/// The modality of pictures.
public record ImageOptions(
    @Setting(value = "The encoder's network.", byDefault = "resnet50") EncoderOptions encoder,
    @Setting(value = "Side of a view in pixels.", byDefault = "224", min = 8, max = 4096) int size,
    @Setting(value = "How training views are drawn.", byDefault = "moco-v2") AugmentOptions augment,
    @Setting("How pictures are seen in evaluations and in an exported encoder.")
        EvaluationOptions evaluation,
    @Setting(
            value =
                "Mean of red, green and blue, as shares of full intensity, that is subtracted from"
                    + " a view; ImageNet's by default.",
            byDefault = "[0.485, 0.456, 0.406]")
        List<Double> mean,
    @Setting(
            value =
                "Standard deviation of red, green and blue, as shares of full intensity, by which"
                    + " a view is divided; ImageNet's by default.",
            byDefault = "[0.229, 0.224, 0.225]",
            above = 0)
        List<Double> std,
    @Setting(
            value =
                "Length in pixels to which the shorter side of a larger picture is reduced after"
                    + " decoding; 0 leaves pictures as they are.",
            byDefault = "0",
            min = 0)
        int shrink,
    @Setting(
            value =
                "Megabytes of decoded and shrunk pictures that are kept in memory; pictures that"
                    + " no longer fit are decoded every time.",
            byDefault = "0",
            min = 0)
        long cacheMegabytes,
    @Setting(
            "Decoded and shrunk pictures that are kept on a disk, for later epochs and later runs.")
        DiskCacheOptions diskCache,
    @Setting(
            value =
                "Most pixels that a picture may have; a file whose header says more is broken, and"
                    + " is not decoded. A pixel takes three bytes, and up to eight more while it is"
                    + " decoded, in each worker.",
            byDefault = "100000000",
            min = 1)
        long maxPixels,
    @Setting(
            value =
                "What decodes JPEG files: turbo is libjpeg-turbo, which the system must have, java"
                    + " is the JDK's own decoder, and auto is libjpeg-turbo where there is one. A"
                    + " run that goes on uses what it began with.",
            byDefault = "auto")
        Decoder decoder) {
  /// Decoded pictures on a disk.
  public record DiskCacheOptions(
      @Setting(
              "Folder of the pictures, which several runs may share; none are kept where it is not"
                  + " given.")
          Optional<Path> folder,
      @Setting(
              value =
                  "Most megabytes in the folder; pictures that no longer fit are decoded every"
                      + " time.",
              byDefault = "10000",
              min = 1)
          long megabytes) {}

  /// The choices of what decodes JPEG files.
  public enum Decoder {
    /// libjpeg-turbo where there is one.
    AUTO,
    /// libjpeg-turbo.
    TURBO,
    /// The JDK's own.
    JAVA
  }

  /// Checks what concerns several settings.
  public ImageOptions {
    mean = ofThreeColours("mean", mean);
    std = ofThreeColours("std", std);
    if (evaluation.shorterSide().isPresent() && evaluation.shorterSide().get() < size) {
      throw new IllegalArgumentException(
          "evaluation.shorterSide must be at least size %d but was %d"
              .formatted(size, evaluation.shorterSide().get()));
    }
  }

  private static List<Double> ofThreeColours(String name, List<Double> values) {
    if (values.size() != 3) {
      throw new IllegalArgumentException(
          "%s must be three numbers, of red, green and blue, but was %s".formatted(name, values));
    }
    return List.copyOf(values);
  }

  /// The length to which the shorter side is resized before the centre is cut out.
  public int evaluationShorterSide() {
    return evaluation.shorterSide().orElse((int) Math.round(size * 256.0 / 224));
  }
}
