package mmct.api.training;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.graph.TrainingGraph;
import mmct.api.io.ArtefactStore;
import mmct.api.training.PretrainedWeights.Taken;

/// Starts the backbones of a run from the weights that its configuration names.
///
/// @param resolution the configuration
/// @param graph fresh
/// @param stores by modality name, what it keeps
record StartingWeights(
    Resolution resolution, TrainingGraph graph, Function<String, ArtefactStore> stores) {
  /// Starts all of them.
  ///
  /// @param report takes a line on each
  /// @return by modality, what its backbone started from
  /// @throws MmctException where weights do not fit, and where they were named in the configuration
  Map<String, Taken> load(Consumer<String> report) {
    Map<String, Taken> taken = new LinkedHashMap<>();
    resolution.weights().forEach((name, source) -> taken.put(name, load(name, source, report)));
    return taken;
  }

  private Taken load(String modality, Path source, Consumer<String> report) {
    Settings settings = resolution.settings().child("modalities").child(modality);
    return Resolution.located(
        settings,
        "weights",
        () -> {
          if (!graph.queryEncoders().containsKey(modality)) {
            throw new MmctException(
                "the modality has no encoder in this run, so it takes no weights");
          }
          PretrainedWeights weights = PretrainedWeights.find(source, modality, report);
          weights.requireSame(stores.apply(modality));
          Taken taken = weights.start(graph);
          report.accept("weights    %s: %s".formatted(modality, taken));
          return taken;
        });
  }
}
