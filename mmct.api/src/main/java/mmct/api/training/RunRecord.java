package mmct.api.training;

import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.DataSource;
import mmct.api.engine.PrecisionChoice;
import mmct.api.engine.Torch;
import mmct.api.io.Checksums;
import mmct.api.run.RunFolder;
import mmct.api.run.StartLog;
import mmct.api.spi.PluginFile;
import mmct.api.training.Training.Outcome;
import org.jspecify.annotations.Nullable;

/// Keeps `run.json`: what a run is, on what, with which versions, and how it ended; and
/// `starts.jsonl`, the same of every start.
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

  /// Adds the start to those before it. A folder of an older version has no list of starts; it
  /// gets one that begins with what is known of the last.
  ///
  /// @param settings the configuration
  /// @param changes what of it has changed
  void logStart(Position position, Settings settings, SettingChanges changes) {
    StartLog starts = folder.starts();
    if (request.resume() && !Files.exists(starts.file())) {
      starts.append(lastStart(changes));
    }
    Map<String, @Nullable Object> start = new LinkedHashMap<>();
    start.put("time", now());
    start.put("command", request.command());
    start.put("resumed", request.resume());
    start.put("step", position.step());
    start.put("epoch", position.cursor().epoch());
    start.put("epoch_samples", position.cursor().samples());
    start.put("versions", Machine.versions());
    start.put("hardware", Machine.hardware(parts.graph().manager().getDevice()));
    start.put("precision", parts.precision().word());
    start.put("threads", Torch.threads());
    start.put("plugins", parts.catalogue().plugins().stream().map(PluginFile::toMap).toList());
    start.put("changed", changes.changes().stream().map(SettingChanges.Change::toMap).toList());
    start.put("settings", settings.toMap());
    starts.append(start);
  }

  private Map<String, @Nullable Object> lastStart(SettingChanges changes) {
    Map<String, @Nullable Object> last = new LinkedHashMap<>();
    last.put("time", recorded("started"));
    for (String key : List.of("command", "versions", "device", "precision", "threads")) {
      last.put(key, recorded(key));
    }
    last.put("settings", changes.before().toMap());
    last.put("reconstructed", true);
    return last;
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

  /// Training is done and the encoders leave. A run that is killed from here on has the status
  /// `exporting`, and exports when it goes on.
  void exporting(Outcome outcome) {
    record.put("status", "exporting");
    put(outcome);
    folder.writeRecord(record);
  }

  /// The run ended, as it should or with something that could not be done at its end.
  void ended(Outcome outcome) {
    if (outcome.status().equals("failed")) {
      Map<String, Object> failure = new LinkedHashMap<>();
      failure.put("step", outcome.steps());
      failure.put("reason", String.join("; ", outcome.failures()));
      folder.writeFailure(failure);
      record.put("reason", failure.get("reason"));
    }
    record.put("status", outcome.status());
    put(outcome);
    record.put("ended", now());
    folder.writeRecord(record);
  }

  private void put(Outcome outcome) {
    record.put("steps", outcome.steps());
    record.put("weights_sha256", outcome.weightsSha256());
    record.put("figures", outcome.figures());
    if (!outcome.failures().isEmpty()) {
      record.put("failures", outcome.failures());
    }
  }

  /// The run ended with an error.
  void failed(long steps, Throwable reason) {
    Map<String, Object> failure = new LinkedHashMap<>();
    failure.put("step", steps + 1);
    if (reason instanceof NonFiniteLossException loss) {
      failure.put("objective", loss.term());
      failure.put("samples", loss.samples());
    }
    failure.put("reason", Judgement.reason(reason));
    folder.writeFailure(failure);
    record.put("status", "failed");
    record.put("steps", steps);
    record.put("reason", Judgement.reason(reason));
    record.put("ended", now());
    folder.writeRecord(record);
  }

  /// Refuses to go on with other data than the run began with.
  static void requireSameData(RunFolder folder, DataSource source) {
    Object data = folder.record().get("data");
    Object before = data instanceof Map<?, ?> map ? map.get("fingerprint") : null;
    String now = source.fingerprint();
    if (before != null && !before.equals(now)) {
      throw new MmctException(
          "the data is not what the run in %s began with (fingerprint %s, then %s): go on with the data as it was, or begin another run"
              .formatted(folder.path(), shortened(now), shortened(before.toString())));
    }
  }

  /// Refuses to go on with other samples; the fingerprint of the data need not tell of options that
  /// sort them into splits.
  void requireSameSamples() {
    Map<?, ?> before = folder.record().get("data") instanceof Map<?, ?> data ? data : Map.of();
    Object count = before.get("samples");
    Object ids = before.get("ids_sha256");
    if ((count instanceof Number number && number.longValue() != parts.samples().size())
        || (ids != null && !ids.equals(ids()))) {
      throw new MmctException(
          "the split '%s' has other samples than the run in %s began with (%s then, %d now): go on with the data as it was, or begin another run"
              .formatted(config.data().train(), folder.path(), count, parts.samples().size()));
    }
  }

  /// A hash of the ids of the samples in their order.
  private String ids() {
    MessageDigest digest = Checksums.sha256();
    for (int i = 0; i < parts.samples().size(); i++) {
      digest.update(parts.samples().id(i).getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Refuses to compute in another precision than the run began with.
  static void requireSamePrecision(RunFolder folder, PrecisionChoice now) {
    Object before = folder.record().get("precision");
    if (before != null && !before.equals(now.word())) {
      throw new MmctException(
          "precision cannot change in a run that goes on: the run in %s computed in %s and would compute in %s now, because %s; --set precision=%s asks for what it was"
              .formatted(folder.path(), before, now.word(), now.reason(), before));
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
    data.put("ids_sha256", ids());
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
