package mmct.api.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.MmctException;

/// The result of an evaluation.
///
/// @param figures the numbers by name, in the order in which to show them; dots group, as in
///     `there-and-back.R@10`. All are finite: what cannot be computed is left out
/// @param protocol what was done, so that the numbers can be compared: settings and counts
public record Evaluation(Map<String, Double> figures, Map<String, Object> protocol) {
  /// Copies the maps, keeping their order.
  ///
  /// @throws MmctException where a figure is not finite
  public Evaluation {
    figures.forEach(
        (name, value) -> {
          if (value == null || !Double.isFinite(value)) {
            throw new MmctException(
                "the figure '%s' must be a finite number but is %s; what cannot be computed is left out"
                    .formatted(name, value));
          }
        });
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    protocol = Collections.unmodifiableMap(new LinkedHashMap<>(protocol));
  }
}
