package mmct.api.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;
import mmct.api.MmctException;
import mmct.api.training.data.Cursor;

/// Where a run stands: what a checkpoint holds beside its arrays.
///
/// @param cursor in the steps and in the data
/// @param samples samples seen
/// @param figures of the last evaluations, as EVALUATION.FIGURE
/// @param best of the figure by which the best checkpoint is kept, the best so far
/// @param unjudged whether the evaluation that follows the step is still to be made
/// @param rows by objective, in how many steps it had a row, and in how many since the last it had
///     none; empty where an older version wrote the checkpoint
record Position(
    Cursor cursor,
    long samples,
    Map<String, Double> figures,
    Optional<Best> best,
    boolean unjudged,
    Map<String, List<Long>> rows) {
  static final Position START =
      new Position(Cursor.START, 0, Map.of(), Optional.empty(), false, Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  /// The best so far.
  ///
  /// @param figure as EVALUATION.FIGURE
  /// @param value the larger the better
  /// @param step after which the encoders were judged; -1 where an older version did not write it
  record Best(String figure, double value, long step) {}

  Position {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
  }

  /// Optimiser steps done.
  long step() {
    return cursor.steps();
  }

  Position next(Cursor to, int more) {
    return new Position(to, samples + more, figures, best, false, rows);
  }

  /// The same with what is known of the objectives' rows.
  Position counted(Map<String, List<Long>> counts) {
    return new Position(cursor, samples, figures, best, unjudged, counts);
  }

  /// The same where the rest of an epoch gives no batch any more.
  Position at(Cursor settled) {
    return new Position(settled, samples, figures, best, unjudged, rows);
  }

  Position judged(Map<String, Double> latest) {
    return new Position(cursor, samples, latest, best, false, rows);
  }

  Position beforeJudged() {
    return new Position(cursor, samples, figures, best, true, rows);
  }

  /// Whether the figure of the evaluations that were just made is better than ever before.
  boolean isBest(String figure) {
    Double value = figures.get(figure);
    return value != null && !value.isNaN() && (best.isEmpty() || value > best.get().value());
  }

  Position withBest(String figure) {
    double value = Objects.requireNonNull(figures.get(figure), figure);
    return with(Optional.of(new Best(figure, value, step())));
  }

  /// The same without a best: what it was measured by has changed.
  Position withoutBest() {
    return with(Optional.empty());
  }

  private Position with(Optional<Best> other) {
    return new Position(cursor, samples, figures, other, unjudged, rows);
  }

  /// Whether the checkpoint of this very step is the best.
  boolean holdsBest() {
    return best.filter(it -> it.step() == step()).isPresent();
  }

  Map<String, String> toMetadata(List<String> broken) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("samples", Long.toString(samples));
    metadata.put("epoch", Long.toString(cursor.epoch()));
    metadata.put("epoch_samples", Integer.toString(cursor.samples()));
    metadata.put("figures", write(figures));
    best.ifPresent(
        it -> {
          metadata.put("best", Double.toString(it.value()));
          metadata.put("best_figure", it.figure());
          metadata.put("best_step", Long.toString(it.step()));
        });
    metadata.put("broken", write(broken));
    metadata.put("rows", write(rows));
    if (unjudged) {
      metadata.put("unjudged", "true");
    }
    return metadata;
  }

  /// Reads what [#toMetadata] wrote.
  ///
  /// @param counted where a run stands of which only the steps are known, as older versions wrote
  static Position of(long step, Map<String, String> metadata, LongFunction<Cursor> counted) {
    try {
      Cursor cursor =
          metadata.containsKey("epoch")
              ? new Cursor(
                  step,
                  Long.parseLong(required(metadata, "epoch")),
                  Integer.parseInt(required(metadata, "epoch_samples")))
              : counted.apply(step);
      return new Position(
          cursor,
          Long.parseLong(required(metadata, "samples")),
          read(required(metadata, "figures"), new TypeReference<Map<String, Double>>() {}),
          best(metadata),
          metadata.containsKey("unjudged"),
          read(metadata.getOrDefault("rows", "{}"), new TypeReference<>() {}));
    } catch (NumberFormatException e) {
      throw new MmctException("the checkpoint's metadata is damaged: " + e.getMessage(), e);
    }
  }

  private static Optional<Best> best(Map<String, String> metadata) {
    return Optional.ofNullable(metadata.get("best"))
        .map(
            value ->
                new Best(
                    metadata.getOrDefault("best_figure", ""),
                    Double.parseDouble(value),
                    Long.parseLong(metadata.getOrDefault("best_step", "-1"))));
  }

  static List<String> broken(Map<String, String> metadata) {
    return read(required(metadata, "broken"), new TypeReference<List<String>>() {});
  }

  private static String required(Map<String, String> metadata, String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new MmctException("the checkpoint lacks '" + key + "' in its metadata");
    }
    return value;
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T read(String text, TypeReference<T> type) {
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new MmctException("the checkpoint's metadata is damaged: " + text, e);
    }
  }
}
