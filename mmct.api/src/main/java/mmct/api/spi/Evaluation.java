package mmct.api.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The result of an evaluation.
///
/// @param figures the numbers by name, in the order in which to show them; dots group, as in
///     `there-and-back.R@10`. What cannot be computed is left out: a plugin's figure that is not
///     finite is refused
/// @param protocol what was done, so that the numbers can be compared: settings and counts
public record Evaluation(Map<String, Double> figures, Map<String, Object> protocol) {
  /// Copies the maps, keeping their order.
  public Evaluation {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    protocol = Collections.unmodifiableMap(new LinkedHashMap<>(protocol));
  }
}
