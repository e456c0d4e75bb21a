package mmct.api.training;

import java.lang.module.ModuleDescriptor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mmct.api.MmctException;
import mmct.api.engine.Torch;
import mmct.api.run.RunFolder;
import mmct.api.training.Training.Outcome;
import org.jspecify.annotations.Nullable;

/// Keeps `run.json`: what a run was, on what, with which versions, and how it ended.
final class RunRecord {
  private final RunFolder folder;
  private final RunRequest request;
  private final RunConfig config;
  private final TrainingLoop.Parts parts;
  private final Map<String, @Nullable Object> record = new LinkedHashMap<>();

  RunRecord(RunFolder folder, RunRequest request, RunConfig config, TrainingLoop.Parts parts) {
    this.folder = folder;
    this.request = request;
    this.config = config;
    this.parts = parts;
  }

  /// The run begins, or goes on.
  void started(Position position) {
    Object begun = request.resume() ? recorded("started") : null;
    record.put("status", "running");
    record.put("seed", config.seed());
    record.put("command", request.command());
    record.put("started", begun == null ? now() : begun);
    record.put("resumedAtStep", request.resume() ? position.step() : 0L);
    record.put("versions", Machine.versions());
    record.put("device", parts.graph().manager().getDevice().getDeviceType());
    record.put("precision", parts.precision().word());
    record.put("precisionReason", parts.precision().reason());
    record.put("threads", Torch.threads());
    record.put("data", data());
    record.put("modalities", modalities());
    record.put("parameters", parameters());
    record.put("pretrained", request.resume() ? recorded("pretrained") : pretrained());
    record.put("chanceLevels", new Report(parts.graph(), config.batch()).chanceLevels());
    folder.writeRecord(record);
  }

  /// What the record says of the run's beginning, where it goes on; null where it says nothing.
  private @Nullable Object recorded(String key) {
    return folder.record().get(key);
  }

  /// By modality, what of this machine its views depend on.
  private Map<String, Object> modalities() {
    Map<String, Object> machine = new TreeMap<>();
    parts.modalities().forEach((name, modality) -> machine.put(name, modality.machine()));
    return machine;
  }

  /// By modality, the file that its backbone started from.
  private Map<String, Object> pretrained() {
    Map<String, Object> files = new LinkedHashMap<>();
    parts
        .pretrained()
        .forEach(
            (modality, taken) -> {
              Map<String, Object> file = new LinkedHashMap<>();
              file.put("file", taken.file().toString());
              file.put("sha256", taken.sha256());
              file.put("tensors", taken.tensors());
              file.put("ignored", taken.ignored().size());
              files.put(modality, file);
            });
    return files;
  }

  /// The run ended as it should.
  void ended(Outcome outcome) {
    record.put("status", outcome.status());
    record.put("steps", outcome.steps());
    record.put("weights_sha256", outcome.weightsSha256());
    record.put("figures", outcome.figures());
    record.put("ended", now());
    folder.writeRecord(record);
  }

  /// The run ended with an error.
  void failed(long steps, RuntimeException reason) {
    Map<String, Object> failure = new LinkedHashMap<>();
    failure.put("step", steps + 1);
    if (reason instanceof NonFiniteLossException loss) {
      failure.put("objective", loss.term());
      failure.put("samples", loss.samples());
    }
    failure.put("reason", String.valueOf(reason.getMessage()));
    folder.writeFailure(failure);
    record.put("status", "failed");
    record.put("steps", steps);
    record.put("reason", String.valueOf(reason.getMessage()));
    record.put("ended", now());
    folder.writeRecord(record);
  }

  /// Refuses to go on with other data than the run began with.
  void requireSameData() {
    Object data = folder.record().get("data");
    Object before = data instanceof Map<?, ?> map ? map.get("fingerprint") : null;
    String now = parts.source().fingerprint();
    if (before != null && !before.equals(now)) {
      throw new MmctException(
          "the data is not what the run in %s began with (fingerprint %s, then %s): go on with the data as it was, or begin another run"
              .formatted(folder.path(), shortened(now), shortened(before.toString())));
    }
  }

  private static String shortened(String fingerprint) {
    return fingerprint.substring(0, Math.min(12, fingerprint.length()));
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// The version that the build writes into every module; a class folder has none.
  static String version() {
    return Optional.ofNullable(RunRecord.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("unpackaged");
  }

  private Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    config.data().path().ifPresent(path -> data.put("path", path));
    data.put("description", parts.source().describe());
    data.put("fingerprint", parts.source().fingerprint());
    data.put("split", config.data().train());
    data.put("samples", parts.samples().size());
    return data;
  }

  private Map<String, Long> parameters() {
    Map<String, Long> parameters = new LinkedHashMap<>();
    parts
        .graph()
        .queryEncoders()
        .forEach((name, encoder) -> parameters.put(name, encoder.weights().count()));
    return parameters;
  }
}
