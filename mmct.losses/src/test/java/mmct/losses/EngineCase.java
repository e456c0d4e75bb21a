package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mmct.api.engine.Torch;
import mmct.api.spi.LossInput;

/// A [LossCase] in the engine.
///
/// @param input what the loss sees
/// @param queries its leaves by side and query view
/// @param parameters its leaves by parameter
record EngineCase(LossInput input, List<List<NDArray>> queries, Map<String, NDArray> parameters) {

  /// A case whose queries and parameters carry a gradient, as in training.
  static EngineCase of(LossCase given, NDManager manager) {
    EngineCase arrays = still(given, manager);
    arrays.queries.forEach(views -> views.forEach(view -> view.setRequiresGradient(true)));
    arrays.parameters.values().forEach(parameter -> parameter.setRequiresGradient(true));
    return arrays;
  }

  /// A case without gradients.
  static EngineCase still(LossCase given, NDManager manager) {
    LossInput.Builder builder =
        new LossInput.Builder().instances(given.instances()).at(given.step(), given.epoch());
    Optional.of(given.sameInstance())
        .filter(EngineCase::any)
        .ifPresent(same -> builder.sameInstance(array(same, manager)));
    List<List<NDArray>> queries = new ArrayList<>();
    for (LossCase.Side side : given.sides()) {
      List<NDArray> leaves = side.queries().stream().map(v -> array(v, manager)).toList();
      queries.add(leaves);
      int width = width(side);
      builder.side(
          new LossInput.Features(
              leaves,
              side.keys().stream().map(view -> array(view, manager)).toList(),
              side.present().stream().map(view -> array(view, manager)).toList(),
              Optional.ofNullable(side.queue()).map(rows -> array(rows, width, manager)),
              Optional.of(side.masked()).filter(EngineCase::any).map(m -> array(m, manager)),
              Optional.ofNullable(side.backbone()).map(rows -> array(rows, manager))));
    }
    given.positives().filter(EngineCase::any).ifPresent(p -> builder.positives(array(p, manager)));
    Map<String, NDArray> parameters = new TreeMap<>();
    given.parameters().forEach((name, numbers) -> parameters.put(name, array(numbers, manager)));
    parameters.forEach(builder::parameter);
    given.states().forEach((name, state) -> builder.state(name, array(state.numbers(), manager)));
    return new EngineCase(builder.build(), queries, parameters);
  }

  /// The gradients of the queries by side and view; zeros where none arrived.
  List<List<float[][]>> queryGradients() {
    List<List<float[][]>> all = new ArrayList<>();
    for (List<NDArray> views : queries) {
      all.add(views.stream().map(view -> matrix(gradient(view), view.getShape())).toList());
    }
    return all;
  }

  /// The gradients of the parameters; zeros where none arrived.
  Map<String, float[]> parameterGradients() {
    Map<String, float[]> all = new TreeMap<>();
    parameters.forEach((name, parameter) -> all.put(name, gradient(parameter)));
    return all;
  }

  private static float[] gradient(NDArray leaf) {
    return Torch.gradient(leaf)
        .map(NDArray::toFloatArray)
        .orElseGet(() -> new float[Math.toIntExact(leaf.size())]);
  }

  private static float[][] matrix(float[] flat, Shape shape) {
    int width = Math.toIntExact(shape.get(1));
    float[][] rows = new float[Math.toIntExact(shape.get(0))][width];
    for (int i = 0; i < flat.length; i++) {
      rows[i / width][i % width] = flat[i];
    }
    return rows;
  }

  private static int width(LossCase.Side side) {
    List<double[][]> views = side.queries().isEmpty() ? side.keys() : side.queries();
    return views.getFirst()[0].length;
  }

  private static boolean any(boolean[][] rows) {
    for (boolean[] row : rows) {
      for (boolean cell : row) {
        if (cell) {
          return true;
        }
      }
    }
    return false;
  }

  private static NDArray array(double[][] rows, NDManager manager) {
    return array(rows, rows[0].length, manager);
  }

  private static NDArray array(double[][] rows, int width, NDManager manager) {
    return Arrays64.array(rows, width, manager);
  }

  private static NDArray array(boolean[][] rows, NDManager manager) {
    return Arrays64.array(rows, rows[0].length, manager);
  }

  private static NDArray array(boolean[] row, NDManager manager) {
    ByteBuffer cells = ByteBuffer.allocateDirect(row.length);
    for (boolean cell : row) {
      cells.put((byte) (cell ? 1 : 0));
    }
    cells.rewind();
    return manager.create(cells, new Shape(row.length), DataType.BOOLEAN);
  }

  private static NDArray array(LossCase.Numbers numbers, NDManager manager) {
    float[] flat = new float[numbers.values().length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) numbers.values()[i];
    }
    return manager.create(flat, numbers.shape());
  }
}
