package mmct.api.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import mmct.api.config.ConfigurationException;
import mmct.api.spi.Modality;
import mmct.api.spi.PositivesRule;

/// What a graph needs from every sample.
///
/// @param modalities by name, the modalities whose views are encoded, and how many views of each
/// @param rules by objective name, the positives rules and the modality they look at
public record BatchPlan(Map<String, Draw> modalities, Map<String, Marks> rules) {
  /// Copies the maps, keeping their order.
  public BatchPlan {
    modalities = Collections.unmodifiableMap(new LinkedHashMap<>(modalities));
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /// What a graph of this specification will need, before it is built: as many views of each
  /// modality as its most demanding objective takes.
  ///
  /// @throws ConfigurationException where the graph cannot be trained
  public static BatchPlan of(GraphSpec spec) {
    GraphCheck.check(spec);
    Map<String, Draw> draws = new LinkedHashMap<>();
    Map<String, Marks> marks = new LinkedHashMap<>();
    spec.active()
        .forEach(
            (name, objective) -> {
              objective
                  .sides()
                  .forEach(
                      side -> {
                        Modality modality = modality(spec, side.getKey());
                        Draw least =
                            new Draw(modality, side.getValue().queries(), side.getValue().keys());
                        draws.merge(side.getKey(), least, Draw::atLeast);
                      });
              objective
                  .positives()
                  .ifPresent(rule -> marks.put(name, new Marks(rule, modality(spec, rule.of()))));
            });
    return new BatchPlan(draws, marks);
  }

  private static Modality modality(GraphSpec spec, String name) {
    return Objects.requireNonNull(spec.modalities().get(name), name);
  }

  /// One modality's share.
  ///
  /// @param modality draws and collates the views
  /// @param queries how many views † are drawn
  /// @param keys how many views ⋆ are drawn
  public record Draw(Modality modality, int queries, int keys) {
    private Draw atLeast(Draw other) {
      return new Draw(modality, Math.max(queries, other.queries), Math.max(keys, other.keys));
    }
  }

  /// One rule's share.
  ///
  /// @param rule reads marks from the plain view of its modality
  /// @param modality the modality it looks at, whether or not that one is encoded
  public record Marks(PositivesRule rule, Modality modality) {}
}
