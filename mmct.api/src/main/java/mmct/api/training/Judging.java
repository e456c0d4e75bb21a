package mmct.api.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import mmct.api.config.NearName;
import mmct.api.run.RunFolder;
import mmct.api.spi.Evaluation;

/// Judges the encoders during a run, and writes down and tells what came of it.
///
/// @param config of the run
/// @param evaluations its evaluations
/// @param folder where the metrics are
/// @param progress hears figures and failures
record Judging(RunConfig config, Evaluations evaluations, RunFolder folder, Progress progress) {
  /// What came of all evaluations.
  ///
  /// @param figures as EVALUATION.FIGURE
  /// @param failures a sentence on each evaluation that failed
  record Verdict(Map<String, Double> figures, List<String> failures) {}

  /// Judges.
  ///
  /// @param step optimiser steps done
  /// @param epoch epochs done, with fraction
  /// @return empty where the run was asked to stop before all evaluations were made; then none is
  ///     told of
  Optional<Verdict> after(long step, double epoch) {
    Map<String, Judgement> made;
    try {
      made = evaluations.run(progress::note);
    } catch (CancellationException e) {
      return Optional.empty();
    }
    Verdict verdict = new Verdict(new LinkedHashMap<>(), new ArrayList<>());
    made.forEach(
        (name, judgement) -> {
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("step", step);
          line.put("epoch", epoch);
          line.put("evaluation", name);
          line.put("split", config.evaluate().split());
          hear(name, judgement, line, verdict);
        });
    requireBest(verdict.figures());
    return Optional.of(verdict);
  }

  private void hear(String name, Judgement judgement, Map<String, Object> line, Verdict verdict) {
    switch (judgement) {
      case Judgement.Inapplicable() -> {}
      case Judgement.Failed failed -> hear(name, failed, line, verdict);
      case Judgement.Made(Evaluation evaluation) -> {
        Map<String, Object> whole = new LinkedHashMap<>(line);
        whole.put("figures", evaluation.figures());
        whole.put("protocol", evaluation.protocol());
        Optional<Judgement.Failed> unwritable = evaluations.unwritable(name, whole);
        if (unwritable.isPresent()) {
          hear(name, unwritable.get(), line, verdict);
          return;
        }
        evaluation.figures().forEach((f, value) -> verdict.figures().put(name + "." + f, value));
        folder.metrics().append(whole);
        progress.evaluated(name, evaluation);
      }
    }
  }

  private void hear(
      String name, Judgement.Failed failed, Map<String, Object> line, Verdict verdict) {
    line.put("failed", failed.reason());
    line.put("provider", failed.provider().name());
    line.put("class", failed.provider().type());
    failed.provider().place().ifPresent(file -> line.put("file", file));
    folder.metrics().append(line);
    String told = "the evaluation '%s' failed: %s".formatted(name, failed.reason());
    verdict.failures().add(told);
    progress.warning(
        "%s; the run goes on, and the checkpoint of step %s is written"
            .formatted(told, line.get("step")));
  }

  private void requireBest(Map<String, Double> figures) {
    config
        .checkpoints()
        .best()
        .filter(best -> !figures.isEmpty() && !figures.containsKey(best))
        .ifPresent(
            best ->
                progress.warning(
                    "no checkpoint is kept as the best: checkpoints.best is '%s'%s but the evaluations give %s"
                        .formatted(
                            best,
                            NearName.suggestion(best, figures.keySet()),
                            String.join(", ", figures.keySet()))));
  }
}
