package mmct.vision;

import java.util.Optional;
import mmct.api.config.Setting;

/// A folder in COCO's layout.
public record CocoOptions(
    @Setting(
            "Folder of the pictures, relative to the dataset's folder; looked for as images/SPLIT,"
                + " SPLIT and images where it is not given.")
        Optional<String> images) {}
