package mmct.api.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One sample: an id and any subset of the modalities. Absence is an absent key.
///
/// @param id unique within its dataset; two samples of one id are treated as the same instance
/// @param cells the content by modality name
/// @param label the class, where the dataset has one; only evaluations read it
public record Sample(String id, Map<String, Cell> cells, Optional<String> label) {
  /// Copies the cells, keeping their order.
  public Sample {
    cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
  }

  /// A sample without a label.
  public Sample(String id, Map<String, Cell> cells) {
    this(id, cells, Optional.empty());
  }

  /// The content of a modality, or empty where the sample lacks it.
  public Optional<Cell> cell(String modality) {
    return Optional.ofNullable(cells.get(modality));
  }
}
