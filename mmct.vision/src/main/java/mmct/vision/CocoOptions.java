package mmct.vision;

import java.util.List;
import java.util.Optional;
import mmct.api.config.Setting;

/// A folder in COCO's layout.
public record CocoOptions(
    @Setting(
            "Folder of the pictures, relative to the dataset's folder; looked for as images/SPLIT,"
                + " SPLIT and images where it is not given.")
        Optional<String> images,
    @Setting(
            value = "Captions that stand for none, besides white space; [] where there are none.",
            byDefault = "[nan, NaN, NaT, <NA>, None, 'null', 'NULL']")
        List<String> missing) {
  /// Copies the list.
  public CocoOptions {
    missing = List.copyOf(missing);
  }
}
