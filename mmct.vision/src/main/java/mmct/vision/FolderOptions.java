package mmct.vision;

import java.util.List;
import mmct.api.config.Setting;

/// A folder of pictures.
public record FolderOptions(
    @Setting(
            value =
                "What the folders in it stand for; auto looks at their names and depth and says what"
                    + " it took them for.",
            byDefault = "auto")
        Layout layout,
    @Setting(
            value =
                "Endings of the names of files that are pictures; other files are passed over and"
                    + " counted.",
            byDefault = "[jpg, jpeg, jpe, jfif, png, gif, bmp, tif, tiff, webp]")
        List<String> endings) {
  /// What folders stand for. In all of them pictures in further folders are read too.
  public enum Layout {
    /// The first of these that fits.
    AUTO,
    /// `SPLIT/CLASS/FILE`.
    SPLIT_CLASS,
    /// `SPLIT/FILE`: pictures have no classes.
    SPLIT,
    /// `CLASS/FILE`: all pictures are of the split `train`.
    CLASS,
    /// Folders mean nothing: pictures have no classes and are of the split `train`.
    NONE
  }

  /// Copies the list.
  public FolderOptions {
    endings = List.copyOf(endings);
  }
}
