package mmct.eval.detection;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.spi.Evaluation;
import mmct.eval.DetectionScore;
import mmct.eval.detection.Instances.Detection;
import mmct.eval.detection.Instances.OfCategory;

/// Reads truth and detections and scores them.
public final class Scoring {
  private Scoring() {}

  /// Scores a file of detections.
  public static Evaluation of(
      Path truth, Path detections, DetectionScore.Kind kind, DetectionScore.Protocol protocol) {
    CocoFiles files = new CocoFiles(kind);
    Instances instances = files.truth(truth);
    List<Detection> found = files.detections(detections, instances, truth);
    List<OfCategory> scenes = instances.scenes(found);
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("images", instances.images().size());
    described.put("categories", instances.categories().size());
    described.put("objects", instances.objects().size());
    described.put("detections", found.size());
    return switch (protocol) {
      case COCO -> coco(new CocoScore(scenes), instances, described);
      case VOC -> voc(new VocScore(scenes), described);
    };
  }

  private static Evaluation coco(
      CocoScore score, Instances instances, Map<String, Object> described) {
    described.put("unit", "from 0 to 1, as COCO's own tool");
    described.put("overlap", "0.5 to 0.95 in ten steps; AP50 and AP75 at one");
    described.put("mostDetections", SceneMatch.MOST_DETECTIONS);
    Map<String, Double> byCategory = new LinkedHashMap<>();
    score
        .byCategory()
        .forEach(
            (id, precision) ->
                byCategory.put(instances.categories().getOrDefault(id, "?"), precision));
    described.put("byCategory", byCategory);
    return new Evaluation(score.figures(), described);
  }

  private static Evaluation voc(VocScore score, Map<String, Object> described) {
    described.put("unit", "per cent, as Detectron2");
    described.put("overlap", "0.5 to 0.95 in ten steps; AP50 and AP75 at one");
    described.put("eleven-point", "precision at eleven recalls, as VOC 2007");
    described.put("area", "area under the curve, as VOC 2010 and later");
    return new Evaluation(score.figures(), described);
  }
}
