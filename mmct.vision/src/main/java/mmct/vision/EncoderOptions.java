package mmct.vision;

import mmct.api.config.Setting;

/// A residual network (He et al., "Deep Residual Learning for Image Recognition", 2016) in
/// torchvision's form.
public record EncoderOptions(
    @Setting(value = "The network.", byDefault = "resnet50", fixed = true) Type type,
    @Setting(
            value =
                "Whether the last normalisation of each residual block starts at zero, so that"
                    + " every block starts as the identity (Goyal et al., 2017).",
            byDefault = "false",
            fixed = true)
        boolean zeroInitLastNorm,
    @Setting(
            value =
                "Whether the first convolution is 3 × 3 with stride 1 and no pooling follows it,"
                    + " for views of about 32 pixels.",
            byDefault = "false",
            fixed = true)
        boolean smallImageStem) {
  /// The depths that the paper defines, but 152.
  public enum Type {
    /// 18 layers, features 512 wide.
    RESNET18,
    /// 34 layers, features 512 wide.
    RESNET34,
    /// 50 layers, features 2048 wide.
    RESNET50,
    /// 101 layers, features 2048 wide.
    RESNET101
  }
}
