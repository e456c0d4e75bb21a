package mmct.eval.retrieval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.eval.SentenceTrainingOptions;

/// What the paper reports of retrieval after training, for a column beside ours.
final class PaperTrained {
  private PaperTrained() {}

  /// The table, its data and its figures by the names of ours.
  ///
  /// @param pair the modalities, query first
  /// @param fold what is searched at one time
  /// @return empty where the training or the number of items is another
  static Optional<Map<String, Object>> figures(
      SentenceTrainingOptions training, Pair pair, Matched fold) {
    if (!isPapers(training)) {
      return Optional.empty();
    }
    int queries = fold.queries().count();
    if (queries == 1000 && fold.keys().count() == 5000) {
      return Optional.of(
          named(
              pair,
              "Table 4",
              "1,000 test images of COCO, a ResNet-50 trained on COCO",
              List.of(58.4, 93.4, 1.0, 45.1, 90.0, 2.0)));
    }
    if (queries == 10_000 && fold.keys().count() == 10_000) {
      return Optional.of(
          named(
              pair,
              "Table 6",
              "10,000 test images of Stock, a ResNet-50 trained on Stock",
              List.of(36.98, 74.02, 2.0, 33.83, 70.76, 3.0)));
    }
    return Optional.empty();
  }

  private static boolean isPapers(SentenceTrainingOptions training) {
    SentenceTrainingOptions papers = SentenceTrainingOptions.byDefault();
    return training.sentence().isEmpty()
        && training.margin() == papers.margin()
        && training.lr() == papers.lr()
        && training.epochs() == papers.epochs()
        && training.fullRateEpochs() == papers.fullRateEpochs()
        && training.batch() == papers.batch();
  }

  private static Map<String, Object> named(
      Pair pair, String table, String data, List<Double> numbers) {
    String forth = "%s-to-%s.".formatted(pair.query(), pair.key());
    String back = "%s-to-%s.".formatted(pair.key(), pair.query());
    Map<String, Double> ours = new LinkedHashMap<>();
    ours.put(forth + "R@1", numbers.get(0));
    ours.put(forth + "R@10", numbers.get(1));
    ours.put(forth + "medianRank", numbers.get(2));
    ours.put(back + "R@1", numbers.get(3));
    ours.put(back + "R@10", numbers.get(4));
    ours.put(back + "medianRank", numbers.get(5));
    Map<String, Object> paper = new LinkedHashMap<>();
    paper.put("table", table);
    paper.put("data", data);
    paper.put("figures", Map.of("Ours", ours));
    return paper;
  }
}
