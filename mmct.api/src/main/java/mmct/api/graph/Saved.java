package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.MmctException;

/// Looks up arrays in what a checkpoint holds.
public final class Saved {
  private Saved() {}

  /// An array by name, of the shape given.
  ///
  /// @throws MmctException where it is missing or of another shape
  public static NDArray find(Map<String, NDArray> saved, String name, Shape shape) {
    NDArray array = saved.get(name);
    if (array == null) {
      throw new MmctException(
          "the checkpoint does not fit the configuration: it lacks '%s'".formatted(name));
    }
    if (!array.getShape().equals(shape)) {
      throw new MmctException(
          "the checkpoint does not fit the configuration: '%s' is %s there but must be %s"
              .formatted(name, array.getShape(), shape));
    }
    return array;
  }

  /// The arrays whose names begin with a prefix, without it.
  public static Map<String, NDArray> under(Map<String, NDArray> saved, String prefix) {
    Map<String, NDArray> part = new LinkedHashMap<>();
    saved.forEach(
        (name, array) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), array);
          }
        });
    return part;
  }
}
