package mmct.api.graph;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// A loss for tests that remembers what it was handed.
public final class Probe implements Loss {
  private final Needs needs;
  private final Function<LossInput, LossOutput> value;
  private final List<Seen> seen = new ArrayList<>();

  /// A loss with needs and a value of its own.
  public Probe(Needs needs, Function<LossInput, LossOutput> value) {
    this.needs = needs;
    this.value = value;
  }

  /// A loss with a query, a key and whatever candidates there are: `−q·k⁺`, `[n]`.
  public static Probe pair() {
    return new Probe(
        new Needs(
            new Needs.Pair(Needs.Side.query(), Needs.Side.key(Needs.Queue.OPTIONAL), true),
            List.of(),
            List.of()),
        input -> LossOutput.of(input.query().mul(input.key()).sum(new int[] {1}).neg()));
  }

  /// What one evaluation was handed, copied.
  ///
  /// @param masked by query row, candidate; all false where nothing was masked
  /// @param positives likewise
  public record Seen(
      List<Side> sides,
      float[][] queue,
      boolean[][] masked,
      boolean[][] positives,
      Map<String, float[]> parameters,
      Map<String, float[]> state,
      long[] instances,
      long step,
      double epoch) {}

  /// One participant's features, copied.
  public record Side(
      List<float[][]> queries,
      List<float[][]> keys,
      List<boolean[]> present,
      Optional<float[][]> queue,
      Optional<float[][]> backbone) {}

  /// Everything seen so far.
  public List<Seen> seen() {
    return seen;
  }

  /// What was seen last.
  public Seen last() {
    return seen.getLast();
  }

  @Override
  public Needs needs() {
    return needs;
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    seen.add(copy(input));
    return value.apply(input);
  }

  private Seen copy(LossInput input) {
    int n = input.instances().length;
    boolean candidates = input.sides().getLast().queue().isPresent();
    float[][] queue = candidates ? matrix(input.queue()) : new float[0][];
    Map<String, float[]> parameters = new LinkedHashMap<>();
    needs.parameters().forEach(p -> parameters.put(p.name(), floats(input.parameter(p.name()))));
    Map<String, float[]> state = new LinkedHashMap<>();
    needs.state().forEach(s -> state.put(s.name(), floats(input.state(s.name()))));
    return new Seen(
        input.sides().stream().map(Probe::side).toList(),
        queue,
        flags(input.masked(), n, queue.length),
        flags(input.positives(), n, queue.length),
        parameters,
        state,
        input.instances(),
        input.step(),
        input.epoch());
  }

  private static Side side(LossInput.Features features) {
    return new Side(
        features.queries().stream().map(Probe::matrix).toList(),
        features.keys().stream().map(Probe::matrix).toList(),
        features.present().stream().map(NDArray::toBooleanArray).toList(),
        features.queue().map(Probe::matrix),
        features.backbone().map(Probe::matrix));
  }

  private static float[] floats(NDArray array) {
    return array.toFloatArray();
  }

  private static boolean[][] flags(Optional<NDArray> array, int n, int k) {
    boolean[][] flags = new boolean[n][k];
    if (array.isPresent()) {
      boolean[] flat = array.get().toBooleanArray();
      for (int i = 0; i < n; i++) {
        System.arraycopy(flat, i * k, flags[i], 0, k);
      }
    }
    return flags;
  }

  /// The rows of a matrix.
  static float[][] matrix(NDArray array) {
    int rows = (int) array.getShape().get(0);
    int width = (int) array.getShape().get(1);
    float[] flat = array.toFloatArray();
    float[][] matrix = new float[rows][width];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(flat, i * width, matrix[i], 0, width);
    }
    return matrix;
  }
}
