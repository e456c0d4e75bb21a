package mmct.api.training;

import ai.djl.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import mmct.api.data.Dataset;
import mmct.api.data.HostTensor;
import mmct.api.graph.Batch;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.TrainingGraph;
import mmct.api.training.data.BatchSource;
import mmct.api.training.data.BrokenCells;
import mmct.api.training.data.Cursor;

/// Two steps that leave nothing behind: what a batch looks like, what the objectives say, what it
/// takes. The second step is the one that is told, for the first meets empty queues.
///
/// @param config the run
/// @param samples the training split
/// @param begun its batches, which are being drawn already
/// @param graph fresh
/// @param optimizer fresh
record DryRun(
    RunConfig config,
    Dataset samples,
    BatchSource begun,
    TrainingGraph graph,
    Optimizer optimizer) {
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    BrokenCells broken =
        new BrokenCells(samples.size(), 1, cell -> lines.add("broken     " + cell.reason()));
    TrainingStep step = new TrainingStep(graph, optimizer, Engine.getInstance(), config.seed());
    try (BatchSource batches = begun.from(Cursor.START, graph.fewestRows(), broken)) {
      List<Batch> batch = batches.next();
      batch.getFirst().modalities().forEach((name, views) -> lines.add(shapes(name, views)));
      step.take(batch, 0, new Moment(0, 0));
      List<Batch> second = batches.hasNext() ? batches.next() : batch;
      long start = System.nanoTime();
      TrainingStep.Result result = step.take(second, 0, new Moment(1, 0));
      double seconds = (double) (System.nanoTime() - start) / 1e9;
      result
          .terms()
          .forEach(
              (name, value) ->
                  lines.add(String.format(Locale.ROOT, "term       %s: %.4f", name, value)));
      lines.add(
          String.format(
              Locale.ROOT,
              "step       total %.4f, gradient norm %.4f, %.2f s without data",
              result.total(),
              result.gradientNorm(),
              seconds));
    }
    lines.add("memory     " + ResidentMemory.describe());
    return lines;
  }

  private static String shapes(String name, Batch.Views views) {
    return "batch      %s: queries %s, keys %s"
        .formatted(name, shapes(views.queries()), shapes(views.keys()));
  }

  private static String shapes(List<Batch.Rows> views) {
    return views.stream()
        .map(rows -> rows.inputs().stream().map(HostTensor::shape).toList().toString())
        .collect(Collectors.joining(" "));
  }
}
