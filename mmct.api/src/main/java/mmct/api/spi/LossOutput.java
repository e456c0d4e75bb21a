package mmct.api.spi;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.Map;

/// The value of an objective and, where it keeps any, its new state.
///
/// @param value `[n]`, one value per row, or `[]`
/// @param state new contents of the state that the loss declared, by name
public record LossOutput(NDArray value, Map<String, NDArray> state) {
  /// Copies the map.
  public LossOutput {
    state = Map.copyOf(state);
  }

  /// A value without state.
  public static LossOutput of(NDArray value) {
    return new LossOutput(value, Map.of());
  }

  /// The same value with one more state; the array must carry no gradient.
  public LossOutput with(String name, NDArray content) {
    Map<String, NDArray> more = new HashMap<>(state);
    more.put(name, content);
    return new LossOutput(value, more);
  }
}
