package mmct.vision.detectron2;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names that Detectron2 has for the weights of a residual network.
///
/// | torchvision | Detectron2 |
/// |---|---|
/// | `conv1.weight` | `stem.conv1.weight` |
/// | `bn1.running_var` | `stem.conv1.norm.running_var` |
/// | `layer1.0.conv2.weight` | `res2.0.conv2.weight` |
/// | `layer1.0.bn2.bias` | `res2.0.conv2.norm.bias` |
/// | `layer1.0.downsample.0.weight` | `res2.0.shortcut.weight` |
/// | `layer1.0.downsample.1.weight` | `res2.0.shortcut.norm.weight` |
final class Detectron2Names {
  private static final Pattern NORM = Pattern.compile("\\bbn(\\d)\\.");
  private static final Pattern STAGE = Pattern.compile("layer(\\d)\\.(.*)");

  private Detectron2Names() {}

  /// The name of a weight that torchvision calls by the name given.
  static String of(String torchvision) {
    String name =
        NORM.matcher(torchvision)
            .replaceAll("conv$1.norm.")
            .replace("downsample.0.", "shortcut.")
            .replace("downsample.1.", "shortcut.norm.");
    Matcher stage = STAGE.matcher(name);
    return stage.matches()
        ? "res%d.%s".formatted(Integer.parseInt(stage.group(1)) + 1, stage.group(2))
        : "stem." + name;
  }
}
