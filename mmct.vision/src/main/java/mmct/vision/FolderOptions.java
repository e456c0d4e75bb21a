package mmct.vision;

import java.util.List;
import mmct.api.config.Setting;

/// A folder of pictures sorted by split and class.
public record FolderOptions(
    @Setting(
            value = "Endings of the names of files that are pictures; other files are passed over.",
            byDefault = "[jpg, jpeg, png, gif, bmp, tif, tiff]")
        List<String> endings) {
  /// Copies the list.
  public FolderOptions {
    endings = List.copyOf(endings);
  }
}
