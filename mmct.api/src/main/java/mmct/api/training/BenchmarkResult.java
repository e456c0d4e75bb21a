package mmct.api.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import mmct.api.graph.StepClock.Phase;
import mmct.api.run.Json;
import mmct.api.training.data.DrawingCost;
import org.jspecify.annotations.Nullable;

/// What a benchmark has measured, for people and for files.
///
/// @param configuration with every default
public record BenchmarkResult(
    Benchmark.Plan plan,
    Environment environment,
    List<Row> rows,
    Map<String, @Nullable Object> configuration) {
  /// Copies the list.
  public BenchmarkResult {
    rows = List.copyOf(rows);
  }

  /// On what was measured.
  ///
  /// @param date in ISO 8601
  /// @param machine processor, cores, memory, device
  /// @param versions of the program and of what it stands on
  /// @param precision of the encoders' arithmetic
  /// @param threads that one operation may use
  /// @param workers threads that draw views
  /// @param load threads that had something to do in the minute before
  public record Environment(
      String date,
      Map<String, Object> machine,
      Map<String, String> versions,
      String precision,
      int threads,
      int workers,
      OptionalDouble load) {
    /// Whether so much else went on that times mean little.
    boolean isNoisy() {
      return load.isPresent() && load.getAsDouble() > Machine.cores() / 2.0;
    }
  }

  /// A line of the table.
  ///
  /// @param sweep what grows; `configured` for the configuration itself
  /// @param label which of the sweep's configurations it is
  record Row(String sweep, String label, BenchmarkPoint point) {}

  /// The result as JSON.
  ///
  /// @param command the words by which it was measured
  public byte[] json(List<String> command) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("configuration_name", plan.name());
    json.put("command", command);
    json.put("date", environment.date());
    json.put("machine", environment.machine());
    environment.load().ifPresent(load -> json.put("load_before", load));
    json.put("noisy", environment.isNoisy());
    json.put("versions", environment.versions());
    json.put("precision", environment.precision());
    json.put("threads", environment.threads());
    json.put("workers", environment.workers());
    json.put("warmup_steps", plan.warmup());
    json.put("steps", plan.steps());
    json.put("rounds", plan.rounds());
    List<Map<String, Object>> points = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> point = new LinkedHashMap<>();
      point.put("sweep", row.sweep());
      point.put("label", row.label());
      point.putAll(row.point().toMap());
      if (row.point().refusal().isEmpty()) {
        point.put("cost_per_sample", row.point().costBeside(configured()));
      }
      points.add(point);
    }
    json.put("points", points);
    json.put("configuration", configuration);
    return Json.pretty(json);
  }

  private BenchmarkPoint configured() {
    return rows.getFirst().point();
  }

  /// The result as a table.
  public List<String> lines() {
    List<String> lines = new ArrayList<>(heading());
    lines.add("");
    lines.addAll(phases());
    lines.addAll(drawing());
    if (rows.size() > 1) {
      lines.add("");
      lines.addAll(growth());
    }
    return lines;
  }

  private List<String> heading() {
    List<String> lines = new ArrayList<>();
    Map<String, Object> machine = environment.machine();
    Map<String, String> versions = environment.versions();
    lines.add(
        "%s: %d rounds of %d steps of %d samples after %d that do not count, and as many by phase"
            .formatted(
                plan.name(), plan.rounds(), plan.steps(), configured().batch(), plan.warmup()));
    lines.add(
        "on %s, %s cores, %s MB; %s%s, %s, %d threads, %d workers"
            .formatted(
                machine.get("processor"),
                machine.get("cores"),
                machine.getOrDefault("memory_mb", "unknown"),
                machine.get("device"),
                machine.containsKey("gpu") ? " (" + machine.get("gpu") + ")" : "",
                environment.precision(),
                environment.threads(),
                environment.workers()));
    lines.add(
        "mmct %s, Java %s, Deep Java Library %s, libtorch %s; %s"
            .formatted(
                versions.get("mmct"),
                versions.get("java"),
                versions.get("djl"),
                versions.get("pytorch"),
                environment.date()));
    environment
        .load()
        .ifPresent(
            load ->
                lines.add(
                    String.format(
                        Locale.ROOT, "%.2f threads were busy in the minute before", load)));
    return lines;
  }

  /// A sentence where times mean little; empty text where they do.
  public String warning() {
    return environment.isNoisy()
        ? String.format(
            Locale.ROOT,
            "%.2f threads were busy in the minute before, on %d cores: the times are those of a machine that does something else too",
            environment.load().orElse(0),
            Machine.cores())
        : "";
  }

  private List<String> phases() {
    BenchmarkPoint point = configured();
    Columns table = new Columns();
    table.add(
        "whole step",
        String.format(Locale.ROOT, "%.1f samples/s", BenchmarkPoint.median(point.rates())),
        range(point));
    table.add("memory", memory(point), "at most");
    table.add("");
    table.add("phase", "ms/step", "share");
    Map<Phase, Double> shares = point.shares();
    point
        .millisPerStep()
        .forEach(
            (phase, millis) ->
                table.add(
                    BenchmarkPoint.word(phase),
                    String.format(Locale.ROOT, "%.2f", millis),
                    String.format(Locale.ROOT, "%.1f %%", 100 * shares.getOrDefault(phase, 0.0))));
    return table.lines();
  }

  private static String range(BenchmarkPoint point) {
    return String.format(
        Locale.ROOT,
        "(%.1f to %.1f)",
        Collections.min(point.rates()),
        Collections.max(point.rates()));
  }

  private static String memory(BenchmarkPoint point) {
    String resident = String.format(Locale.ROOT, "%.0f MB", point.residentMegabytes());
    return point.deviceMegabytes() == 0
        ? resident
        : resident + String.format(Locale.ROOT, " and %.0f MB on the GPU", point.deviceMegabytes());
  }

  private List<String> drawing() {
    BenchmarkPoint point = configured();
    Columns table = new Columns();
    point
        .drawing()
        .ifPresent(
            cost -> {
              table.add("");
              table.add("worker threads, ms per sample", "decode", "views", "collate");
              cost.modalities().forEach((name, parts) -> table.add(cells(name, parts)));
              table.add("the dataset's part", String.format(Locale.ROOT, "%.3f", cost.samples()));
              table.add("positives rules", String.format(Locale.ROOT, "%.3f", cost.marks()));
              table.add(
                  "all",
                  String.format(Locale.ROOT, "%.3f", cost.total()),
                  "which keep",
                  String.format(Locale.ROOT, "%.2f cores busy", point.busyCores()));
            });
    return table.lines();
  }

  private static String[] cells(String name, DrawingCost.Parts parts) {
    return new String[] {
      name,
      String.format(Locale.ROOT, "%.3f", parts.decode()),
      String.format(Locale.ROOT, "%.3f", parts.views()),
      String.format(Locale.ROOT, "%.3f", parts.collate())
    };
  }

  private List<String> growth() {
    Columns table = new Columns();
    table.add("", "samples/s", "range", "ms/step", "time per sample", "memory");
    for (Row row : rows) {
      BenchmarkPoint point = row.point();
      if (point.refusal().isPresent()) {
        table.add(row.label(), "-", String.valueOf(point.refusal().get().getMessage()));
        continue;
      }
      double rate = BenchmarkPoint.median(point.rates());
      table.add(
          row.label(),
          String.format(Locale.ROOT, "%.1f", rate),
          range(point),
          String.format(Locale.ROOT, "%.1f", 1e3 * point.batch() / rate),
          String.format(Locale.ROOT, "x %.2f", point.costBeside(configured())),
          memory(point));
    }
    return table.lines();
  }

  /// Rows of cells below each other.
  private static final class Columns {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    void add(String... cells) {
      rows.add(Arrays.asList(cells));
    }

    /// The last cell of a row may be as long as it likes.
    List<String> lines() {
      return rows.stream().map(this::line).toList();
    }

    private String line(List<String> cells) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < cells.size(); column++) {
        String cell = cells.get(column);
        int width = column == cells.size() - 1 ? 0 : width(column);
        String space = " ".repeat(Math.max(0, width - cell.length()));
        line.append(column == 0 ? "" : GAP).append(cell).append(space);
      }
      return line.toString().stripTrailing();
    }

    private int width(int column) {
      return rows.stream()
          .filter(row -> row.size() > column + 1)
          .mapToInt(row -> row.get(column).length())
          .max()
          .orElse(0);
    }
  }
}
