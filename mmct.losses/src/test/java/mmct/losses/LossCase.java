package mmct.losses;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import org.jspecify.annotations.Nullable;

/// The input of a loss in float64, beside which formulas are evaluated by brute force and from
/// which the engine's float32 input is made. Its numbers are of float32's precision, so that both
/// see the same; the arrays may be changed in place, as finite differences do.
///
/// Make random ones with [LossCases].
///
/// @param sides the participants
/// @param positives `[n][k]`, which rows of the last participant's queue are positives too
/// @param parameters the loss's own, by name
/// @param states the loss's state, by name: whole, or the rows of this batch
/// @param instances a stable number per row
/// @param step steps done
/// @param epoch epochs done
record LossCase(
    List<Side> sides,
    Optional<boolean[][]> positives,
    Map<String, Numbers> parameters,
    Map<String, State> states,
    long[] instances,
    long step,
    double epoch) {

  /// What is known of one participant.
  ///
  /// @param queries per view `[n][d]`
  /// @param keys per view `[n][d]`
  /// @param present per query view after the first `[n]`
  /// @param queue `[k][d]`; null where none is kept
  /// @param masked `[n][k]`
  /// @param backbone `[n][w]`; null where it was not asked for
  record Side(
      List<double[][]> queries,
      List<double[][]> keys,
      List<boolean[]> present,
      double @Nullable [][] queue,
      boolean[][] masked,
      double @Nullable [][] backbone) {
    /// Whether a row has a query view.
    boolean has(int view, int row) {
      return view == 0 || present.get(view - 1)[row];
    }
  }

  /// An array of any shape, flat.
  record Numbers(Shape shape, double[] values) {
    double scalar() {
      return values[0];
    }
  }

  /// A state and whether it has a row per sample.
  record State(Numbers numbers, boolean perSample) {}

  /// The number of rows n.
  int n() {
    return instances.length;
  }

  /// The first query view of the first participant, `[n][d]`.
  double[][] query() {
    return sides.getFirst().queries().getFirst();
  }

  /// The first key view of the last participant, `[n][d]`.
  double[][] key() {
    return sides.getLast().keys().getFirst();
  }

  /// The queue of the last participant, `[k][d]`.
  double[][] queue() {
    double[][] queue = sides.getLast().queue();
    return queue == null ? new double[0][0] : queue;
  }

  /// Which queue rows of the last participant take no part, `[n][k]`.
  boolean[][] masked() {
    return sides.getLast().masked();
  }

  /// Which other rows are of a row's own instance, `[n][n]`.
  boolean[][] sameInstance() {
    boolean[][] same = new boolean[n()][n()];
    for (int i = 0; i < n(); i++) {
      for (int j = 0; j < n(); j++) {
        same[i][j] = i != j && instances[i] == instances[j];
      }
    }
    return same;
  }

  /// The same rows of other instances.
  LossCase of(long... numbers) {
    return new LossCase(sides, positives, parameters, states, numbers, step, epoch);
  }

  double parameter(String name) {
    return parameters.get(name).scalar();
  }

  /// The same at another time.
  LossCase at(long stepsDone, double epochsDone) {
    return new LossCase(sides, positives, parameters, states, instances, stepsDone, epochsDone);
  }

  /// The same without positives from the queue.
  LossCase withoutPositives() {
    return new LossCase(sides, Optional.empty(), parameters, states, instances, step, epoch);
  }

  /// The same with another value of a lone parameter.
  LossCase parameter(String name, double value) {
    Map<String, Numbers> changed = new TreeMap<>(parameters);
    changed.put(name, new Numbers(new Shape(), new double[] {(float) value}));
    return new LossCase(sides, positives, changed, states, instances, step, epoch);
  }

  /// A copy of which some rows are kept, in the given order.
  LossCase rows(int... order) {
    List<Side> chosen = new ArrayList<>();
    for (Side side : sides) {
      chosen.add(
          new Side(
              side.queries().stream().map(view -> pick(view, order)).toList(),
              side.keys().stream().map(view -> pick(view, order)).toList(),
              side.present().stream().map(view -> pick(view, order)).toList(),
              side.queue() == null ? null : pick(side.queue(), all(side.queue().length)),
              pick(side.masked(), order),
              side.backbone() == null ? null : pick(side.backbone(), order)));
    }
    Map<String, Numbers> parameters = new TreeMap<>();
    this.parameters.forEach(
        (name, numbers) ->
            parameters.put(name, new Numbers(numbers.shape(), numbers.values().clone())));
    Map<String, State> states = new TreeMap<>();
    this.states.forEach(
        (name, state) -> states.put(name, state.perSample() ? pick(state, order) : state));
    return new LossCase(
        chosen,
        positives.map(rows -> pick(rows, order)),
        parameters,
        states,
        IntStream.of(order).mapToLong(row -> instances[row]).toArray(),
        step,
        epoch);
  }

  /// A deep copy of the features.
  LossCase copy() {
    return rows(all(n()));
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static double[][] pick(double[][] rows, int[] order) {
    return IntStream.of(order).mapToObj(row -> rows[row].clone()).toArray(double[][]::new);
  }

  private static boolean[][] pick(boolean[][] rows, int[] order) {
    return IntStream.of(order).mapToObj(row -> rows[row].clone()).toArray(boolean[][]::new);
  }

  private static boolean[] pick(boolean[] row, int[] order) {
    boolean[] picked = new boolean[order.length];
    for (int i = 0; i < order.length; i++) {
      picked[i] = row[order[i]];
    }
    return picked;
  }

  private State pick(State state, int[] order) {
    double[] values = state.numbers().values();
    int width = values.length / n();
    double[] picked = new double[order.length * width];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(values, order[i] * width, picked, i * width, width);
    }
    Shape shape = new Shape(order.length).addAll(state.numbers().shape().slice(1));
    return new State(new Numbers(shape, picked), true);
  }

  /// What came of a loss.
  ///
  /// @param rows its value: n numbers, or one
  /// @param queries the gradient of the mean by side and query view, `[n][d]`
  /// @param parameters the gradient of the mean by parameter
  /// @param states the new state
  record Outcome(
      float[] rows,
      List<List<float[][]>> queries,
      Map<String, float[]> parameters,
      Map<String, float[]> states) {
    double mean() {
      double sum = 0;
      for (float row : rows) {
        sum += row;
      }
      return sum / rows.length;
    }
  }

  /// Evaluates a loss and its gradient in the engine.
  Outcome evaluate(Loss loss) {
    return evaluate(loss, () -> {});
  }

  /// Evaluates a loss and its gradient in the engine.
  ///
  /// @param between is run between the forward and the backward pass
  Outcome evaluate(Loss loss, Runnable between) {
    try (NDManager manager = NDManager.newBaseManager();
        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      EngineCase given = EngineCase.of(this, manager);
      var output = loss.evaluate(given.input());
      NDArray value = output.value();
      NDArray mean = value.getShape().dimension() == 0 ? value : value.mean();
      between.run();
      gradients.backward(mean);
      Map<String, float[]> states = new TreeMap<>();
      output.state().forEach((name, array) -> states.put(name, array.toFloatArray()));
      return new Outcome(
          value.toFloatArray(), given.queryGradients(), given.parameterGradients(), states);
    }
  }

  /// The input in the engine, for tests that need the arrays; nothing carries a gradient.
  LossInput input(NDManager manager) {
    return EngineCase.still(this, manager).input();
  }
}
