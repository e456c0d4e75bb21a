package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import mmct.api.MmctException;

/// Looks up arrays in what a checkpoint holds.
public final class Saved {
  private Saved() {}

  /// An array by name.
  ///
  /// @throws MmctException where it is missing
  public static NDArray find(Map<String, NDArray> saved, String name) {
    NDArray array = saved.get(name);
    if (array == null) {
      throw mismatch("it lacks '%s'".formatted(name));
    }
    return array;
  }

  /// An array by name, of the shape given.
  ///
  /// @throws MmctException where it is missing or of another shape
  public static NDArray find(Map<String, NDArray> saved, String name, Shape shape) {
    NDArray array = find(saved, name);
    if (!array.getShape().equals(shape)) {
      throw mismatch("'%s' is %s there but must be %s".formatted(name, array.getShape(), shape));
    }
    return array;
  }

  /// The refusal of a checkpoint that belongs to another configuration.
  static MmctException mismatch(String difference) {
    return new MmctException("the checkpoint does not fit the configuration: " + difference);
  }
}
