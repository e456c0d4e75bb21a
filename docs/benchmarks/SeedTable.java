import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prints the figures of runs that were not trained and of runs that were as one table of Markdown:
/// mean ± standard deviation over the seeds, n − 1 in the denominator. See evaluations.sh.
class SeedTable {
  private static final Map<String, List<String>> FIGURES = new LinkedHashMap<>();

  static {
    FIGURES.put("knn", List.of("k20.top1", "k200.top1"));
    FIGURES.put("probe-paper", List.of("top1"));
    FIGURES.put("probe-moco", List.of("top1"));
    FIGURES.put("probe-virtex", List.of("top1"));
    List<String> retrieval =
        List.of(
            "image-to-caption.R@1",
            "image-to-caption.R@10",
            "image-to-caption.medianRank",
            "caption-to-image.R@1",
            "caption-to-image.R@10",
            "caption-to-image.medianRank");
    FIGURES.put("retrieval", retrieval);
    FIGURES.put("retrieval-train", retrieval);
    FIGURES.put("tagging", List.of("mIOU@5", "mIOU@10", "mIOU@20", "mAP"));
  }

  /// FOLDER SEED...
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<String> seeds = List.of(arguments).subList(1, arguments.length);
    System.out.println("| evaluation | figure | random | trained | difference / its deviation |");
    System.out.println("|---|---|---|---|---|");
    for (Map.Entry<String, List<String>> evaluation : FIGURES.entrySet()) {
      for (String figure : evaluation.getValue()) {
        double[] random = values(folder, "random", seeds, evaluation.getKey(), figure);
        double[] trained = values(folder, "trained", seeds, evaluation.getKey(), figure);
        if (random.length > 1 && trained.length > 1) {
          print(evaluation.getKey(), figure, random, trained);
        }
      }
    }
  }

  /// The figure of all runs; of those whose result is there.
  private static double[] values(
      Path folder, String kind, List<String> seeds, String evaluation, String figure)
      throws IOException {
    double[] values = new double[seeds.size()];
    int there = 0;
    for (String seed : seeds) {
      Path file = folder.resolve(kind + seed + "-" + evaluation + ".json");
      if (Files.exists(file)) {
        JsonNode value = new ObjectMapper().readTree(file.toFile()).path("figures").get(figure);
        if (value == null) {
          throw new IllegalStateException(file + " has no figure " + figure);
        }
        values[there++] = value.asDouble();
      }
    }
    return Arrays.copyOf(values, there);
  }

  private static void print(String evaluation, String figure, double[] random, double[] trained) {
    double better = figure.endsWith("Rank") ? -1 : 1;
    double difference = better * (mean(trained) - mean(random));
    double deviation = Math.hypot(deviation(random), deviation(trained));
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.2f ± %.2f | %.2f ± %.2f | %+.1f%s |%n",
        evaluation,
        figure,
        mean(random),
        deviation(random),
        mean(trained),
        deviation(trained),
        difference / deviation,
        difference > deviation ? "" : ", not better");
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    double squares = Arrays.stream(values).map(it -> (it - mean) * (it - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
