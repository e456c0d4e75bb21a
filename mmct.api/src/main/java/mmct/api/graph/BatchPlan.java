package mmct.api.graph;

import java.util.Map;
import mmct.api.spi.Modality;
import mmct.api.spi.PositivesRule;

/// What a graph needs from every sample.
///
/// @param modalities by name, the modalities whose views are encoded, and how many views of each
/// @param rules by objective name, the positives rules and the modality they look at
public record BatchPlan(Map<String, Draw> modalities, Map<String, Marks> rules) {
  /// Copies the maps.
  public BatchPlan {
    modalities = Map.copyOf(modalities);
    rules = Map.copyOf(rules);
  }

  /// One modality's share.
  ///
  /// @param modality draws and collates the views
  /// @param queries how many views † are drawn
  /// @param keys how many views ⋆ are drawn
  public record Draw(Modality modality, int queries, int keys) {}

  /// One rule's share.
  ///
  /// @param rule reads marks from the plain view of its modality
  /// @param modality the modality it looks at, whether or not that one is encoded
  public record Marks(PositivesRule rule, Modality modality) {}
}
