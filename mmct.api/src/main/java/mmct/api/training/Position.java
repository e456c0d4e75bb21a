package mmct.api.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;

/// Where a run stands: what a checkpoint holds beside its arrays.
///
/// @param step optimiser steps done
/// @param samples samples seen
/// @param figures of the last evaluations, as EVALUATION.FIGURE
/// @param best the best value so far of the figure by which the best checkpoint is kept
/// @param unjudged whether the run was stopped before the evaluation that follows the step was made
record Position(
    long step, long samples, Map<String, Double> figures, Optional<Double> best, boolean unjudged) {
  static final Position START = new Position(0, 0, Map.of(), Optional.empty(), false);

  private static final ObjectMapper JSON = new ObjectMapper();

  Position {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  Position next(int more) {
    return new Position(step + 1, samples + more, figures, best, false);
  }

  Position judged(Map<String, Double> latest) {
    return new Position(step, samples, latest, best, false);
  }

  Position stoppedBeforeJudged() {
    return new Position(step, samples, figures, best, true);
  }

  /// Whether the figure is better than ever before; larger is better.
  boolean isBest(String figure) {
    Double value = figures.get(figure);
    return value != null && !value.isNaN() && (best.isEmpty() || value > best.get());
  }

  /// Whether the figure is the best so far.
  boolean isStillBest(String figure) {
    return best.isPresent() && best.get().equals(figures.get(figure));
  }

  Position withBest(String figure) {
    return new Position(step, samples, figures, Optional.ofNullable(figures.get(figure)), unjudged);
  }

  Map<String, String> toMetadata(List<String> broken) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("samples", Long.toString(samples));
    metadata.put("figures", write(figures));
    best.ifPresent(value -> metadata.put("best", Double.toString(value)));
    metadata.put("broken", write(broken));
    if (unjudged) {
      metadata.put("unjudged", "true");
    }
    return metadata;
  }

  static Position of(long step, Map<String, String> metadata) {
    return new Position(
        step,
        Long.parseLong(required(metadata, "samples")),
        read(required(metadata, "figures"), new TypeReference<Map<String, Double>>() {}),
        Optional.ofNullable(metadata.get("best")).map(Double::valueOf),
        metadata.containsKey("unjudged"));
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
