package mmct.api.training;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.engine.Devices;
import mmct.api.graph.Encoder;
import mmct.api.graph.TrainingGraph;
import mmct.api.io.ArtefactStore;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Modality;
import mmct.api.spi.TrainedEncoder;
import mmct.api.spi.TrainingIds;

/// A run that has been trained, opened to judge its encoders or to let them leave.
public final class TrainedRun implements AutoCloseable {
  private final Path folder;
  private final Resolution resolution;
  private final Map<String, Modality> modalities;
  private final TrainingGraph graph;
  private final long step;
  private final Consumer<String> notes;

  private TrainedRun(
      Path folder,
      Resolution resolution,
      Map<String, Modality> modalities,
      TrainingGraph graph,
      long step,
      Consumer<String> notes) {
    this.folder = folder;
    this.resolution = resolution;
    this.modalities = modalities;
    this.graph = graph;
    this.step = step;
    this.notes = notes;
  }

  /// Opens the newest checkpoint of a run folder.
  ///
  /// @param folder the run folder
  /// @param catalogue where providers are found
  /// @param device `cpu`, `gpu` or `auto`
  /// @param notes takes warnings, and reasons why an evaluation does not apply
  /// @throws MmctException where the folder holds no run, or no checkpoint that can be read
  public static TrainedRun open(
      Path folder, Catalogue catalogue, String device, Consumer<String> notes) {
    return open(folder, new CheckpointChoice.Newest(), catalogue, device, notes);
  }

  /// Opens a checkpoint of a run folder.
  ///
  /// @param folder the run folder
  /// @param which the checkpoint
  /// @param catalogue where providers are found
  /// @param device `cpu`, `gpu` or `auto`
  /// @param notes takes warnings, and reasons why an evaluation does not apply
  /// @throws MmctException where the folder holds no run, or the checkpoint cannot be read
  public static TrainedRun open(
      Path folder,
      CheckpointChoice which,
      Catalogue catalogue,
      String device,
      Consumer<String> notes) {
    RunFolder run = RunFolder.reading(folder);
    Settings settings = YamlReader.read(run.config(), run.configFile().toString());
    Resolution resolution = new Resolution(settings, catalogue);
    Map<String, Modality> modalities =
        resolution.modalities(Optional.empty(), run::artefacts, notes);
    try (Checkpoint checkpoint = checkpoint(run, which, notes)) {
      // State per sample is no use outside the run, so one row stands for all of it.
      TrainingGraph graph =
          TrainingGraph.create(
              resolution.graph(modalities), Devices.choose(device), resolution.config().seed(), 1);
      try (NDManager scope = graph.manager().newSubManager()) {
        graph.restoreWeights(checkpoint.readAll(scope));
      }
      return new TrainedRun(folder, resolution, modalities, graph, checkpoint.step(), notes);
    }
  }

  private static Checkpoint checkpoint(
      RunFolder run, CheckpointChoice which, Consumer<String> notes) {
    Checkpoints checkpoints = run.checkpoints();
    return switch (which) {
      case CheckpointChoice.Newest newest ->
          checkpoints
              .latest(warning -> notes.accept("warning: " + warning))
              .orElseThrow(() -> new MmctException(run.path() + " has no checkpoint yet"));
      case CheckpointChoice.Best best ->
          checkpoints
              .best()
              .orElseThrow(
                  () ->
                      new MmctException(
                          "%s keeps no best checkpoint; checkpoints.best names the figure to keep it by"
                              .formatted(run.path())));
      case CheckpointChoice.Step(long step) -> checkpoints.at(step);
    };
  }

  /// The encoders that are to leave the run; they live as long as this.
  ///
  /// @throws MmctException where the choice names what the run does not have
  public List<TrainedEncoder> encoders(EncoderChoice choice) {
    Map<String, Encoder> kind =
        choice.momentum() ? graph.momentumEncoders() : graph.queryEncoders();
    List<TrainedEncoder> chosen = new ArrayList<>();
    for (Map.Entry<String, Optional<String>> wanted :
        new EncoderSelection(kind, graph.queryEncoders()).of(choice).entrySet()) {
      String name = wanted.getKey();
      Optional<String> space = wanted.getValue();
      String called =
          choice.isUsual() ? name : TrainedEncoder.fullName(name, space, choice.momentum());
      Encoder encoder = Objects.requireNonNull(kind.get(name));
      chosen.add(trained(called, name, encoder, space, choice.momentum()));
    }
    return chosen;
  }

  private TrainedEncoder trained(
      String called, String name, Encoder encoder, Optional<String> space, boolean momentum) {
    return new TrainedEncoder(
        called,
        name,
        resolution.type(name),
        resolution.options(name),
        artefacts(name),
        Objects.requireNonNull(modalities.get(name)),
        encoder.backbone(),
        encoder.block(space),
        space.map(encoder::width).orElse(encoder.width()),
        space,
        momentum,
        origin());
  }

  private Map<String, byte[]> artefacts(String modality) {
    ArtefactStore store = RunFolder.reading(folder).artefacts(modality);
    Map<String, byte[]> files = new LinkedHashMap<>();
    store.names().forEach(name -> store.read(name).ifPresent(it -> files.put(name, it)));
    return files;
  }

  /// What a file that leaves the run says about where it comes from.
  private Map<String, String> origin() {
    Map<String, String> origin = new LinkedHashMap<>();
    origin.put("run", String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    origin.put("step", Long.toString(step));
    origin.put("seed", Long.toString(seed()));
    recordedFingerprint().ifPresent(fingerprint -> origin.put("data", fingerprint));
    origin.put("mmct", RunRecord.version());
    return origin;
  }

  /// The run's query encoders before a split.
  ///
  /// @param data a place of data; the run's own where it is empty
  /// @param split the split's name
  /// @param further the columns that the evaluation reads besides those of the modalities
  public EvaluationContext evaluation(
      Optional<Path> data, String split, Map<String, Columns> further) {
    return new GraphEvaluation(
        new GraphEvaluation.Judged(graph, modalities),
        resolution.openData(data, further),
        split,
        new GraphEvaluation.Surroundings(
            () -> trainingIds(data), resolution.catalogue(), notes, () -> false));
  }

  /// The splits of a place of data, or of the run's own.
  public List<String> splits(Optional<Path> data) {
    return resolution.openData(data).splits();
  }

  /// The fingerprint of a place of data, or of the run's own.
  public String fingerprint(Optional<Path> data) {
    return resolution.openData(data).fingerprint();
  }

  /// The run's seed.
  public long seed() {
    return resolution.config().seed();
  }

  /// Writes the result of an evaluation, `results/NAME.json`.
  public void writeResult(String name, Map<String, ?> result) {
    RunFolder.reading(folder).writeResult(name, result);
  }

  /// The evaluation of the run's configuration under a name, such as it was run while training.
  public Optional<Settings> configured(String evaluation) {
    Settings run = resolution.settings().child("evaluate").child("run");
    return run.has(evaluation) ? Optional.of(run.child(evaluation)) : Optional.empty();
  }

  /// Reads the ids where the data lies, or where it has moved to: what is judged may be it.
  private TrainingIds trainingIds(Optional<Path> judged) {
    try {
      return trainingIds(resolution.openData(Optional.empty()));
    } catch (MmctException e) {
      if (judged.isPresent()) {
        DataSource moved = resolution.openData(judged);
        if (recordedFingerprint().filter(moved.fingerprint()::equals).isPresent()) {
          return trainingIds(moved);
        }
      }
      return new TrainingIds.Unknown(
          "the data that the run was trained on cannot be opened: " + e.getMessage());
    }
  }

  private TrainingIds trainingIds(DataSource source) {
    if (recordedFingerprint().filter(it -> !it.equals(source.fingerprint())).isPresent()) {
      return new TrainingIds.Unknown("the data has changed since the run was trained on it");
    }
    return TrainingIds.of(source.split(resolution.config().data().train()));
  }

  /// The fingerprint of the data that the run was trained on, as the run folder has it.
  public Optional<String> recordedFingerprint() {
    return RunFolder.reading(folder).record().get("data") instanceof Map<?, ?> data
        ? Optional.ofNullable(data.get("fingerprint")).map(String::valueOf)
        : Optional.empty();
  }

  /// The run folder.
  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    graph.close();
  }
}
