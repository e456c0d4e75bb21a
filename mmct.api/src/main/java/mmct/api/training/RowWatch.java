package mmct.api.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective;
import mmct.api.graph.TrainingGraph;

/// Watches that every objective finds rows: one that finds none trains nothing, and no figure would
/// show it.
final class RowWatch {
  private final TrainingGraph graph;
  private final RunConfig config;
  private final RowCounts data;
  private final Map<String, Stretch> stretches = new LinkedHashMap<>();

  /// What is known of an objective.
  private static final class Stretch {
    /// Steps with a row.
    long with;

    /// Steps since the last row.
    long without;

    /// Samples since then.
    long samples;

    /// Rows that modalities have given since then, and those of them that could be encoded.
    final Map<String, long[]> given = new LinkedHashMap<>();

    void found() {
      with++;
      without = 0;
      samples = 0;
      given.clear();
    }
  }

  RowWatch(TrainingGraph graph, RunConfig config, RowCounts data) {
    this.graph = graph;
    this.config = config;
    this.data = data;
    graph.objectives().forEach(each -> stretches.put(each.name(), new Stretch()));
  }

  /// Takes over what a checkpoint holds; a checkpoint of an older version holds nothing, and then
  /// every objective is taken to have had rows.
  void restore(Map<String, List<Long>> saved) {
    stretches.forEach(
        (name, stretch) -> {
          List<Long> known = saved.getOrDefault(name, List.of());
          stretch.with = known.size() == 2 ? known.getFirst() : saved.isEmpty() ? 1 : 0;
          stretch.without = known.size() == 2 ? known.getLast() : 0;
        });
  }

  /// For a checkpoint: by objective, its steps with a row, and those since the last.
  Map<String, List<Long>> counts() {
    Map<String, List<Long>> counts = new LinkedHashMap<>();
    stretches.forEach((name, it) -> counts.put(name, List.of(it.with, it.without)));
    return counts;
  }

  /// Hears of a step.
  ///
  /// @param found the objectives that had a row
  /// @param parts its batch
  void step(Set<String> found, List<Batch> parts) {
    stretches.forEach(
        (name, stretch) -> {
          if (found.contains(name)) {
            stretch.found();
          } else {
            stretch.without++;
            count(stretch, objective(name), parts);
          }
        });
  }

  private void count(Stretch stretch, Objective objective, List<Batch> parts) {
    for (Batch part : parts) {
      stretch.samples += part.size();
      Batch admitted = graph.admit(part);
      for (String modality : new LinkedHashSet<>(objective.spec().modalities())) {
        long[] given = stretch.given.computeIfAbsent(modality, key -> new long[2]);
        given[0] += rows(part, modality);
        given[1] += rows(admitted, modality);
      }
    }
  }

  private static long rows(Batch batch, String modality) {
    Batch.Views views = batch.modalities().get(modality);
    if (views == null) {
      return 0;
    }
    List<Batch.Rows> all = new ArrayList<>(views.queries());
    all.addAll(views.keys());
    return all.stream().mapToLong(each -> each.rows().length).max().orElse(0);
  }

  /// Why a run should stop: an objective has had no row for longer than chance explains, or never
  /// one in a whole epoch.
  ///
  /// @param epochEnds whether all samples have been seen since the last epoch's end
  Optional<String> complaint(boolean epochEnds) {
    if (config.maxEmptySteps() == 0) {
      return Optional.empty();
    }
    return stretches.entrySet().stream()
        .filter(each -> each.getValue().without > 0)
        .filter(each -> tooLong(each.getKey(), each.getValue(), epochEnds))
        .findFirst()
        .map(
            each ->
                "%s; the run stops rather than train nothing (maxEmptySteps %d)"
                    .formatted(reason(each.getKey()), config.maxEmptySteps()));
  }

  private boolean tooLong(String name, Stretch stretch, boolean epochEnds) {
    long chance = explained(name);
    boolean never = stretch.with == 0 && epochEnds && stretch.without >= chance;
    return never || stretch.without >= Math.max(config.maxEmptySteps(), chance);
  }

  /// Stops a run that has come to its end and in which no objective ever had a row.
  ///
  /// @return what is to be told of objectives that never had one
  List<String> atTheEnd() {
    List<String> never = stretches.keySet().stream().filter(it -> isNew(it)).toList();
    if (never.size() == stretches.size() && config.maxEmptySteps() > 0) {
      throw new MmctException(
          "%s; the run has trained nothing".formatted(reason(never.getFirst())));
    }
    return never.stream().map(this::reason).toList();
  }

  private boolean isNew(String name) {
    Stretch stretch = stretches.get(name);
    return stretch != null && stretch.with == 0 && stretch.without > 0;
  }

  private long explained(String name) {
    int parts = config.accumulate();
    return data.explained(name, config.batch() / parts, parts, graph.fewestRows());
  }

  private String reason(String name) {
    Stretch stretch = Optional.ofNullable(stretches.get(name)).orElseGet(Stretch::new);
    return "the objective %s had no row in the last %d steps: %s"
        .formatted(name, stretch.without, cause(stretch, objective(name)));
  }

  private String cause(Stretch stretch, Objective objective) {
    for (Map.Entry<String, long[]> given : stretch.given.entrySet()) {
      if (given.getValue()[0] == 0) {
        return "none of %d samples gave a view of %s".formatted(stretch.samples, given.getKey());
      }
      if (given.getValue()[1] == 0) {
        return "no part of a batch had the %d rows of %s that its batch normalisation needs"
            .formatted(graph.fewestRows(), given.getKey());
      }
    }
    Set<String> needed = new LinkedHashSet<>(objective.spec().modalities());
    objective.spec().positives().ifPresent(rule -> needed.add(rule.of()));
    return "no sample had all of %s".formatted(String.join(", ", needed));
  }

  private Objective objective(String name) {
    return graph.objectives().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
