package mmct.api.training;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.graph.StepClock.Phase;
import mmct.api.training.data.DrawingCost;

/// One configuration of a benchmark and what its rounds have told so far.
final class BenchmarkPoint {
  private final Optional<Resolution> resolution;
  private final StagedArtefacts artefacts = new StagedArtefacts();
  private final List<Double> rates = new ArrayList<>();
  private final EnumMap<Phase, Long> nanos = new EnumMap<>(Phase.class);
  private long steps;
  private long residentPeak;
  private long deviceUsed;
  private Optional<DrawingCost.PerSample> drawing = Optional.empty();
  private Optional<MmctException> refusal = Optional.empty();

  /// A configuration that can be resolved.
  BenchmarkPoint(Resolution resolution) {
    this.resolution = Optional.of(resolution);
  }

  /// A configuration that cannot be.
  BenchmarkPoint(MmctException refusal) {
    resolution = Optional.empty();
    this.refusal = Optional.of(refusal);
  }

  /// Why it cannot be measured; empty where it can.
  Optional<MmctException> refusal() {
    return refusal;
  }

  /// Takes one more round, unless this has been refused; where it cannot be trained it is refused
  /// from now on.
  void round(Benchmark.Plan plan, Device device) {
    if (refusal.isPresent() || resolution.isEmpty()) {
      return;
    }
    try (Trial trial = Trial.open(resolution.get(), artefacts, device)) {
      add(trial.run(plan));
      steps += plan.steps();
      if (drawing.isEmpty()) {
        drawing = Optional.of(trial.drawing());
      }
    } catch (MmctException e) {
      refusal = Optional.of(e);
    } catch (EngineException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown");
      refusal = Optional.of(new MmctException("the engine refused: " + reason, e));
    }
  }

  private void add(Trial.Outcome outcome) {
    rates.add(outcome.samplesPerSecond());
    outcome.nanos().forEach((phase, more) -> nanos.merge(phase, more, Long::sum));
    residentPeak = Math.max(residentPeak, outcome.residentPeak().orElse(0));
    deviceUsed = Math.max(deviceUsed, outcome.deviceUsed().orElse(0));
  }

  /// Samples per second by round.
  List<Double> rates() {
    return Collections.unmodifiableList(rates);
  }

  /// The middle one of some numbers, or the mean of the two in the middle.
  static double median(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /// Samples of a step.
  int batch() {
    return resolution.map(it -> it.config().batch()).orElse(0);
  }

  /// How much longer a sample takes than one of another point: the median over the rounds, each of
  /// which saw both.
  double costBeside(BenchmarkPoint other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(rates.size(), other.rates.size()); i++) {
      ratios.add(other.rates.get(i) / rates.get(i));
    }
    return median(ratios);
  }

  /// By phase, milliseconds of a step whose phases were timed.
  Map<Phase, Double> millisPerStep() {
    Map<Phase, Double> millis = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      millis.put(phase, (double) nanos.getOrDefault(phase, 0L) / 1e6 / (double) steps);
    }
    return millis;
  }

  /// By phase, its share of the time; they add up to one.
  Map<Phase, Double> shares() {
    double all = nanos.values().stream().mapToLong(Long::longValue).sum();
    Map<Phase, Double> shares = new EnumMap<>(Phase.class);
    millisPerStep()
        .forEach((phase, millis) -> shares.put(phase, millis * 1e6 * (double) steps / all));
    return shares;
  }

  /// The processor time of worker threads.
  Optional<DrawingCost.PerSample> drawing() {
    return drawing;
  }

  /// How many cores the worker threads keep busy at the measured rate.
  double busyCores() {
    return drawing.map(it -> it.total() / 1e3 * median(rates)).orElse(0.0);
  }

  /// The most megabytes that the process held in any round; 0 where the system does not tell.
  double residentMegabytes() {
    return (double) residentPeak / 1e6;
  }

  /// The megabytes taken on the GPU; 0 where there is none or nobody tells.
  double deviceMegabytes() {
    return (double) deviceUsed / 1e6;
  }

  /// The word for a phase in tables and files.
  static String word(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  /// Everything, for a file.
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    if (refusal.isPresent()) {
      map.put("refused", String.valueOf(refusal.get().getMessage()));
      return map;
    }
    map.put("batch", batch());
    map.put("samples", (long) batch() * steps);
    Map<String, Object> rate = new LinkedHashMap<>();
    rate.put("median", median(rates));
    rate.put("least", Collections.min(rates));
    rate.put("most", Collections.max(rates));
    rate.put("rounds", rates);
    map.put("samples_per_s", rate);
    map.put("ms_per_step", worded(millisPerStep()));
    map.put("shares", worded(shares()));
    drawing.ifPresent(it -> map.put("drawing_ms_per_sample", it));
    map.put("drawing_cores", busyCores());
    if (residentPeak > 0) {
      map.put("resident_peak_mb", residentMegabytes());
    }
    if (deviceUsed > 0) {
      map.put("device_mb", deviceMegabytes());
    }
    return map;
  }

  private static Map<String, Double> worded(Map<Phase, Double> byPhase) {
    Map<String, Double> worded = new LinkedHashMap<>();
    byPhase.forEach((phase, value) -> worded.put(word(phase), value));
    return worded;
  }
}
