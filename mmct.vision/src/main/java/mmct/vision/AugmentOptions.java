package mmct.vision;

import java.util.List;
import mmct.api.config.Setting;

/// How training views are drawn from a picture.
///
/// The defaults are MoCo-v2's (Chen et al., "Improved Baselines with Momentum Contrastive
/// Learning", 2020). Probabilities of 0 switch parts off: MoCo's first version is
/// `{jitter: {probability: 0}, blur: {probability: 0}}`.
public record AugmentOptions(
    @Setting(
            value =
                "How views are drawn: moco-v2 at random by the settings beside it, plain without"
                    + " randomness as for evaluation.",
            byDefault = "moco-v2")
        Type type,
    @Setting(value = "The part of the picture that a view shows.", appliesTo = "moco-v2") Crop crop,
    @Setting(value = "Random changes of colour.", appliesTo = "moco-v2") Jitter jitter,
    @Setting(
            value = "Probability that a view is made grey.",
            byDefault = "0.2",
            min = 0,
            max = 1,
            appliesTo = "moco-v2")
        double greyProbability,
    @Setting(value = "Random Gaussian blur.", appliesTo = "moco-v2") Blur blur,
    @Setting(
            value = "Probability that a view is mirrored left to right.",
            byDefault = "0.5",
            min = 0,
            max = 1,
            appliesTo = "moco-v2")
        double flipProbability) {

  /// The kinds of training views.
  public enum Type {
    /// Random crop, colour jitter, grey, blur and mirroring.
    MOCO_V2,
    /// What evaluation sees.
    PLAIN
  }

  /// A random crop that is resized to the view.
  public record Crop(
      @Setting(
              value = "Smallest and largest share of the picture's area.",
              byDefault = "[0.2, 1]",
              above = 0,
              max = 1)
          List<Double> area,
      @Setting(
              value = "Smallest and largest ratio of width to height.",
              byDefault = "[0.75, 1.3333333333333333]",
              above = 0)
          List<Double> ratio) {
    /// Both are ranges.
    public Crop {
      area = Ranges.checked("area", area);
      ratio = Ranges.checked("ratio", ratio);
    }
  }

  /// Random changes of colour, applied in random order.
  public record Jitter(
      @Setting(
              value = "Probability that colours are changed at all.",
              byDefault = "0.8",
              min = 0,
              max = 1)
          double probability,
      @Setting(value = "Brightness is multiplied by 1 ± up to this.", byDefault = "0.4", min = 0)
          double brightness,
      @Setting(value = "Contrast is multiplied by 1 ± up to this.", byDefault = "0.4", min = 0)
          double contrast,
      @Setting(value = "Saturation is multiplied by 1 ± up to this.", byDefault = "0.4", min = 0)
          double saturation,
      @Setting(
              value = "The hue is turned by up to this share of the colour circle.",
              byDefault = "0.1",
              min = 0,
              max = 0.5)
          double hue) {}

  /// Random Gaussian blur.
  public record Blur(
      @Setting(value = "Probability that a view is blurred.", byDefault = "0.5", min = 0, max = 1)
          double probability,
      @Setting(
              value = "Smallest and largest standard deviation, in pixels of the view.",
              byDefault = "[0.1, 2]",
              above = 0,
              max = 100)
          List<Double> sigma) {
    /// The deviation is a range.
    public Blur {
      sigma = Ranges.checked("sigma", sigma);
    }
  }
}
