package mmct.eval;

import java.nio.file.Path;
import mmct.api.MmctException;
import mmct.api.spi.Evaluation;
import mmct.eval.detection.Scoring;

/// Scores what a detector found against what is there, both in COCO's JSON files.
public final class DetectionScore {
  private DetectionScore() {}

  /// What is compared.
  public enum Kind {
    /// Boxes.
    BBOX,
    /// Masks.
    SEGM
  }

  /// The rules.
  public enum Protocol {
    /// COCO's twelve numbers, from 0 to 1: `AP`, `AP50`, `AP75`, `APs`, `APm`, `APl` (small, medium
    /// and large objects), `AR1`, `AR10`, `AR100` (by detections per image), `ARs`, `ARm`, `ARl`.
    COCO,
    /// PASCAL VOC's `AP50`, `AP` and `AP75`, per cent: `eleven-point`, as VOC 2007 reads the curve
    /// and Detectron2 reports it, and `area`, as later years do.
    VOC
  }

  /// Scores a file of detections.
  ///
  /// A mask in the files is a list of polygons, or `size` and `counts`, compressed or not.
  ///
  /// @param truth COCO's file of objects: `images`, `categories` and `annotations`
  /// @param detections a list of `image_id`, `category_id`, `score`, and `bbox` or `segmentation`
  /// @return the figures; one without an object to find is absent
  /// @throws MmctException in one sentence, naming file and entry, where a file cannot be read, and
  ///     where masks are to be scored by VOC's rules, which know boxes only
  public static Evaluation of(Path truth, Path detections, Kind kind, Protocol protocol) {
    if (protocol == Protocol.VOC && kind == Kind.SEGM) {
      throw new MmctException("the protocol voc scores boxes (bbox) but the kind was segm");
    }
    return Scoring.of(truth, detections, kind, protocol);
  }
}
