package mmct.api.training;

import ai.djl.Device;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.engine.Devices;
import mmct.api.engine.Torch;
import mmct.api.spi.Catalogue;
import mmct.api.training.data.ReadAhead;
import org.jspecify.annotations.Nullable;

/// Measures what a configuration costs on this machine: samples per second, where a step's time
/// goes, memory; and how that grows when one thing of the configuration grows.
///
/// Rounds go over all configurations in turn (A B C A B C ...), so that a machine that slows down
/// slows all of them. Nothing is written.
public final class Benchmark {
  private static final String CONFIGURED = "configured";

  private final Plan plan;
  private final Settings settings;
  private final Catalogue catalogue;
  private final Map<Map<String, @Nullable Object>, BenchmarkPoint> points = new LinkedHashMap<>();
  private final List<BenchmarkResult.Row> rows = new ArrayList<>();

  /// What is measured.
  ///
  /// @param name what the configuration is called
  /// @param device `cpu`, `gpu` or `auto`
  /// @param warmup steps of each round that are not measured
  /// @param steps steps of each round that are measured, and as many again by phase
  /// @param rounds how often everything is measured
  /// @param sweeps words as [Sweep#of] reads them
  public record Plan(
      String name, String device, int warmup, int steps, int rounds, List<String> sweeps) {
    /// Checks the numbers.
    ///
    /// @throws MmctException where one is too small
    public Plan {
      require("warmup", warmup, 0);
      require("steps", steps, 1);
      require("rounds", rounds, 1);
      sweeps = List.copyOf(sweeps);
    }

    private static void require(String name, int value, int least) {
      if (value < least) {
        throw new MmctException(
            "--%s must be at least %d but was %d".formatted(name, least, value));
      }
    }
  }

  /// Resolves a configuration and its variants, and measures nothing yet.
  ///
  /// @param settings the configuration
  /// @param catalogue where providers are found
  /// @throws MmctException where the configuration, or all variants of a sweep, cannot be resolved
  public Benchmark(Settings settings, Catalogue catalogue, Plan plan) {
    this.plan = plan;
    this.catalogue = catalogue;
    this.settings = Defaults.fill(forBenchmark(settings), catalogue);
    Resolution configured = new Resolution(this.settings, catalogue);
    points.put(this.settings.toMap(), new BenchmarkPoint(configured));
    rows.add(new BenchmarkResult.Row(CONFIGURED, CONFIGURED, configuredPoint()));
    plan.sweeps().stream().flatMap(word -> Sweep.of(word, configured).stream()).forEach(this::add);
  }

  /// Queues are full from the first step, and nothing is judged.
  private static Settings forBenchmark(Settings settings) {
    String origin = "mmct bench";
    return Settings.at("queueStart", "random", origin)
        .over(Settings.at("checkpoints.best", null, origin))
        .over(Settings.at("evaluate.run", null, origin).over(settings));
  }

  private BenchmarkPoint configuredPoint() {
    return points.values().iterator().next();
  }

  private void add(Sweep sweep) {
    List<BenchmarkResult.Row> added =
        sweep.variants().stream()
            .map(it -> new BenchmarkResult.Row(sweep.name(), it.label(), point(it)))
            .toList();
    boolean hopeless = added.stream().allMatch(row -> row.point().refusal().isPresent());
    added.stream()
        .flatMap(row -> row.point().refusal().stream())
        .findFirst()
        .filter(refusal -> hopeless)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    rows.addAll(added);
  }

  private BenchmarkPoint point(Sweep.Variant variant) {
    Settings varied = settings;
    for (Settings change : variant.changes()) {
      varied = change.over(varied);
    }
    try {
      Settings filled = Defaults.fill(varied, catalogue);
      BenchmarkPoint known = points.get(filled.toMap());
      if (known != null) {
        return known;
      }
      BenchmarkPoint point = new BenchmarkPoint(new Resolution(filled, catalogue));
      points.put(filled.toMap(), point);
      return point;
    } catch (MmctException e) {
      return new BenchmarkPoint(e);
    }
  }

  /// Measures.
  ///
  /// @param progress takes a line before each round of each configuration
  /// @throws MmctException where the configuration itself cannot be trained
  public BenchmarkResult run(Consumer<String> progress) {
    Device device = Devices.choose(plan.device());
    OptionalDouble load = Machine.load();
    String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    Map<BenchmarkPoint, String> labels = new HashMap<>();
    rows.reversed().forEach(row -> labels.put(row.point(), row.label()));
    for (int round = 1; round <= plan.rounds(); round++) {
      for (BenchmarkPoint point : points.values()) {
        progress.accept("round %d of %d: %s".formatted(round, plan.rounds(), labels.get(point)));
        point.round(plan, device);
        if (point == configuredPoint() && point.refusal().isPresent()) {
          throw point.refusal().get();
        }
      }
    }
    return new BenchmarkResult(plan, environment(device, load, date), rows, settings.toMap());
  }

  private BenchmarkResult.Environment environment(Device device, OptionalDouble load, String date) {
    Resolution resolution = new Resolution(settings, catalogue);
    return new BenchmarkResult.Environment(
        date,
        Machine.hardware(device),
        Machine.versions(),
        resolution.precision(device).word(),
        Torch.threads(),
        ReadAhead.threads(resolution.config().data().workers()),
        load);
  }
}
