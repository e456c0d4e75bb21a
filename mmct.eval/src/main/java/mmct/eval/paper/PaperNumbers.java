package mmct.eval.paper;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Numbers that the paper reports, to be shown beside figures of the same protocol.
///
/// @param table the paper's table
/// @param data what the paper's numbers were measured on
/// @param rows by what was trained, the numbers by the names of the figures they belong to
public record PaperNumbers(String table, String data, Map<String, Map<String, Double>> rows) {
  private static final int IMAGENET_CLASSES = 1000;
  private static final int IMAGENET_VALIDATION = 50_000;

  /// Table 1: linear classification of ImageNet-1K, which is known by its counts.
  ///
  /// @param classes the number of classes
  /// @param judged the number of images that are judged
  public static Optional<PaperNumbers> ofProbe(int classes, int judged) {
    if (classes != IMAGENET_CLASSES || judged != IMAGENET_VALIDATION) {
      return Optional.empty();
    }
    Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
    rows.put("MoCo", Map.of("top1", 44.5));
    rows.put("MoCo-v2", Map.of("top1", 49.3));
    rows.put("VirTex", Map.of("top1", 52.8));
    rows.put("ours", Map.of("top1", 54.9));
    rows.put("ours, scratch", Map.of("top1", 54.6));
    rows.put("ours, with tag", Map.of("top1", 55.3));
    return Optional.of(
        new PaperNumbers("Table 1", "ResNet-50 trained on COCO, judged on ImageNet-1K", rows));
  }

  /// Table 7: zero-shot retrieval on 1,000 images of COCO with five captions each.
  ///
  /// @param image the direction from images to captions, as in the names of the figures
  /// @param caption the direction from captions to images
  public static PaperNumbers ofZeroShotRetrieval(String image, String caption) {
    Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
    rows.put("inter-modal", directions(image, 13.2, 42.2, 10, caption, 9.5, 36.7, 16));
    rows.put("multimodal", directions(image, 24.1, 66.0, 5, caption, 18.6, 58.4, 7));
    return new PaperNumbers(
        "Table 7", "zero-shot on 1,000 of COCO's test images; other data cannot be compared", rows);
  }

  private static Map<String, Double> directions(
      String forth,
      double first,
      double tenth,
      double median,
      String back,
      double backFirst,
      double backTenth,
      double backMedian) {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put(forth + ".R@1", first);
    figures.put(forth + ".R@10", tenth);
    figures.put(forth + ".medianRank", median);
    figures.put(back + ".R@1", backFirst);
    figures.put(back + ".R@10", backTenth);
    figures.put(back + ".medianRank", backMedian);
    return figures;
  }

  /// The numbers as an entry `paper` of an evaluation's protocol.
  public Map<String, Object> protocol() {
    Map<String, Object> protocol = new LinkedHashMap<>();
    protocol.put("table", table);
    protocol.put("data", data);
    protocol.put("figures", rows);
    return protocol;
  }
}
