package mmct.api.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import mmct.api.graph.Encoder;
import mmct.api.graph.FeatureQueue;
import mmct.api.graph.Objective;
import mmct.api.graph.TrainingGraph;
import mmct.api.graph.TrainingGraph.QueueKey;
import mmct.api.spi.Loss;

/// What a run resolved to, in lines for people: printed once at the start, so that a surprise shows
/// before hours are spent on it.
final class Report {
  private static final Pattern ONE_RECORD = Pattern.compile("^(\\w+)\\[\\w+=\\w+\\[(.*)]]$");

  private final TrainingGraph graph;
  private final int batch;
  private final List<String> lines = new ArrayList<>();

  /// A report on a graph.
  ///
  /// @param batch samples per step
  Report(TrainingGraph graph, int batch) {
    this.graph = graph;
    this.batch = batch;
  }

  /// The lines on encoders, queues and objectives.
  List<String> lines() {
    graph.queryEncoders().forEach(this::encoder);
    graph.queues().forEach(this::queue);
    graph.objectives().forEach(this::objective);
    return List.copyOf(lines);
  }

  private void encoder(String name, Encoder encoder) {
    lines.add(
        "encoder    %s: %s, %d wide, %s parameters, heads %s%s"
            .formatted(
                name,
                encoder.backbone().getClass().getSimpleName(),
                encoder.width(),
                thousands(encoder.weights().count()),
                encoder.spaces(),
                graph.momentumEncoders().containsKey(name) ? ", momentum copy" : ""));
  }

  private void queue(QueueKey key, FeatureQueue queue) {
    lines.add(
        "queue      %s in %s: %s rows, %.1f MB"
            .formatted(
                key.modality(),
                key.space(),
                thousands(queue.capacity()),
                (double) queue.bytes() / 1e6));
  }

  private void objective(Objective objective) {
    OptionalDouble chance = chance(objective);
    lines.add(
        String.format(
            Locale.ROOT,
            "objective  %s: %s of %s in %s, weight %s%s",
            objective.name(),
            described(objective.spec().loss()),
            String.join(" and ", objective.spec().modalities()),
            objective.spec().space(),
            objective.spec().weight(),
            chance.isPresent()
                ? String.format(
                    Locale.ROOT,
                    ", %.4f where all candidates look alike (queue full)",
                    chance.getAsDouble())
                : ""));
  }

  /// A loss in words; one that keeps its options in a record of their own shows them as its own.
  private static String described(Loss loss) {
    return ONE_RECORD.matcher(loss.toString()).replaceFirst("$1[$2]");
  }

  /// The value of an objective at which all its candidates look alike.
  OptionalDouble chance(Objective objective) {
    return objective
        .spec()
        .loss()
        .chanceLevel(objective.candidates(batch), objective.spec().modalities().size());
  }

  /// The chance levels by objective.
  Map<String, Double> chanceLevels() {
    Map<String, Double> levels = new LinkedHashMap<>();
    graph.objectives().forEach(o -> chance(o).ifPresent(level -> levels.put(o.name(), level)));
    return levels;
  }

  private static String thousands(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
