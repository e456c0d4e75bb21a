package mmct.cli.comparison;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import mmct.api.config.YamlReader;
import mmct.api.run.RunFolder;
import org.jspecify.annotations.Nullable;

/// What a run folder says of its run, in sections of keys and texts.
///
/// @param name what the run is called
/// @param configuration the settings by their dotted keys
/// @param state how the run ended
/// @param training the figures of the last evaluations during training, as EVALUATION.FIGURE
/// @param results the figures of `results/NAME.json`, as NAME.FIGURE
/// @param judged by the name of a result, its protocol, the split and the fingerprint of the data
/// @param terms the terms of the last step that was logged
record RunSummary(
    String name,
    Map<String, String> configuration,
    Map<String, String> state,
    Map<String, String> training,
    Map<String, String> results,
    Map<String, String> judged,
    Map<String, String> terms) {
  private static final int FINGERPRINT = 8;
  private static final double SMALLEST = 1e-4;

  /// Reads a run folder.
  ///
  /// @throws mmct.api.MmctException where it holds no run, or a file of it cannot be read
  static RunSummary of(String name, Path folder) {
    RunFolder run = RunFolder.reading(folder);
    Map<String, @Nullable Object> record = run.record();
    Map<String, String> state = new LinkedHashMap<>();
    for (String key : new String[] {"status", "steps", "weights_sha256"}) {
      if (record.get(key) != null) {
        state.put(key, shortened(text(record.get(key))));
      }
    }
    Map<String, String> results = new LinkedHashMap<>();
    Map<String, String> judged = new LinkedHashMap<>();
    run.results()
        .forEach(
            (result, content) -> {
              flatten(result + ".", content.get("figures"), results);
              judged.put(result, judged(content));
            });
    Map<String, @Nullable Object> last = run.metrics().last("terms").orElse(Map.of());
    Map<String, String> terms = new LinkedHashMap<>();
    flatten("", last.get("terms"), terms);
    flatten("", keep("total", last), terms);
    return new RunSummary(
        name,
        flat(YamlReader.read(run.config(), run.configFile().toString()).toMap()),
        state,
        flat(record.get("figures")),
        results,
        judged,
        terms);
  }

  /// By which protocol, if it has a name, and on what an evaluation was made.
  private static String judged(Map<String, @Nullable Object> result) {
    Map<String, String> data = flat(result.get("data"));
    String protocol = flat(result.get("protocol")).getOrDefault("protocol", "");
    return "%s%s of %s"
        .formatted(
            protocol.isEmpty() ? "" : protocol + ", ",
            data.getOrDefault("split", "?"),
            shortened(data.getOrDefault("fingerprint", "?")));
  }

  private static Map<String, @Nullable Object> keep(
      String key, Map<String, @Nullable Object> content) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>();
    if (content.containsKey(key)) {
      kept.put(key, content.get(key));
    }
    return kept;
  }

  private static String shortened(String hash) {
    return hash.matches("[0-9a-f]{32,}") ? hash.substring(0, FINGERPRINT) : hash;
  }

  private static Map<String, String> flat(@Nullable Object tree) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", tree, flat);
    return flat;
  }

  /// Lays a tree out by dotted keys.
  private static void flatten(String prefix, @Nullable Object tree, Map<String, String> flat) {
    if (tree instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            String path = prefix + key;
            if (value instanceof Map<?, ?> group && !group.isEmpty()) {
              flatten(path + ".", group, flat);
            } else {
              flat.put(path, text(value));
            }
          });
    }
  }

  /// A value in words; numbers with five digits at most.
  private static String text(@Nullable Object value) {
    return switch (value) {
      case Double number when Math.abs(number) < SMALLEST && number != 0 ->
          "%.4e".formatted(number);
      case Double number when Double.isFinite(number) ->
          new BigDecimal(number)
              .round(new MathContext(5, RoundingMode.HALF_EVEN))
              .stripTrailingZeros()
              .toPlainString();
      case Collection<?> all ->
          all.stream().map(RunSummary::text).collect(Collectors.joining(", ", "[", "]"));
      case null -> "null";
      default -> Objects.toString(value);
    };
  }
}
