package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;

/// The robust contrastive loss in which every sample has a temperature of its own.
///
/// Qiu et al., "Not All Semantics are Created Equal: Contrastive Self-supervised Learning
/// with Automatic Temperature Individualization", 2023, the robust global contrastive
/// objective and the algorithm iSogCLR: `min_τ 1/N Σᵢ { τᵢ log E_j exp(h_ij/τᵢ) + τᵢ ρ }`
/// with `h_ij = s_ij − s_ii`, in both directions. The expectation over all samples is a
/// moving average per sample, `Sᵢ ← (1−γ) Sᵢ + γ 1/(n−1) Σ_{j≠i} exp(h_ij/τᵢ)`, and the
/// value is `Σ_{j≠i} w_ij h_ij/(n−1)` with the fixed weights `w_ij = exp(h_ij/τᵢ)/Sᵢ`, whose
/// gradient is that of the objective. The temperature follows `∂τᵢ = log Sᵢ + ρ − Σ_j w_ij
/// h_ij/τᵢ/(n−1)`, averaged over visits.
///
/// State per sample and direction, all in the checkpoint: `log S` (negative infinity before
/// the first visit), the temperature and its gradient's average.
///
/// Deviations: S is kept as a logarithm, which is the authors' pair of s and the offset b in one
/// number and cannot overflow; the pair of a row with itself is no negative (one of the authors'
/// versions keeps it though it divides by n−1); other rows of a row's own instance are left out
/// where the run says so, and n−1 is then the number of those that are left.
///
/// A sample's first visit sets S to the mean of that visit, whatever γ. In the authors' code every
/// visit of the first epoch does, and the first visit of a sample that comes later averages with a
/// zero, which makes S too small by the factor γ. The average of the temperature's gradient begins
/// at zero in both, so that the first visit moves the temperature by `gradientShare` of its
/// gradient. With γ = 1 nothing of earlier visits is left.
///
/// A row with nothing to compare with, such as a single one, has the value zero and keeps its
/// state.
///
/// @param options rates and bounds
public record ISogClr(ISogClrOptions options) implements Loss {
  /// The directions: from the first view to the second and back.
  private static final List<String> DIRECTIONS = List.of("first", "second");

  /// Checks the options.
  public ISogClr {
    options = Settings.of(options).bind(ISogClrOptions.class);
  }

  @Override
  public Needs needs() {
    return TwoViews.needs(options.views())
        .state(DIRECTIONS.stream().flatMap(this::declared).toArray(LossState[]::new));
  }

  private Stream<LossState> declared(String direction) {
    return Stream.of(
        new LossState(direction + "LogSum", new Shape(), Double.NEGATIVE_INFINITY, true),
        new LossState(direction + "Temperature", new Shape(), options.temperature(), true),
        new LossState(direction + "Gradient", new Shape(), 0, true));
  }

  /// What a direction gives.
  ///
  /// @param value `[p]`
  /// @param state by name, `[p]` each
  private record Direction(NDArray value, Map<String, NDArray> state) {}

  @Override
  public LossOutput evaluate(LossInput input) {
    TwoViews views = TwoViews.of(input);
    if (views.rows() < 2) {
      return LossOutput.of(views.nothing());
    }
    NDArray similarities = views.first().matMul(views.second().transpose()); // [p, p]
    Direction there = direction("first", similarities, input, views);
    Direction back = direction("second", similarities.transpose(), input, views);
    LossOutput output = views.output(there.value().add(back.value()));
    for (Direction direction : List.of(there, back)) {
      for (Map.Entry<String, NDArray> entry : direction.state().entrySet()) {
        NDArray before = input.state(entry.getKey());
        output = output.with(entry.getKey(), written(entry.getValue(), before, views));
      }
    }
    return output;
  }

  /// New rows of a state among those that stay: `[n]`.
  private static NDArray written(NDArray rows, NDArray before, TwoViews views) {
    if (views.chosen().isEmpty()) {
      return rows;
    }
    NDArray all = before.duplicate();
    all.set(index(views, before.getManager()), rows);
    return all;
  }

  private static NDIndex index(TwoViews views, NDManager manager) {
    return new NDIndex("{}", manager.create(views.chosen().orElseThrow()));
  }

  private Direction direction(String name, NDArray similarities, LossInput input, TwoViews views) {
    NDManager manager = input.manager();
    int rows = views.rows();
    NDArray eye = manager.eye(rows);
    NDArray own = similarities.mul(eye).sum(new int[] {1}, true); // [p, 1]
    NDArray apart = similarities.sub(own); // h, [p, p]

    NDArray temperature = state(name + "Temperature", input, views); // [p]
    NDArray logits = apart.stopGradient().div(temperature.reshape(-1, 1)); // h/τ, [p, p]
    NDArray others = logits.add(SameInstance.exclude(rows, views.same(), manager)); // [p, p]
    NDArray count = SameInstance.others(rows, views.same(), others); // [p] or []
    NDArray some = count.maximum(Constant.of(count, 1)); // [p] or []
    NDArray before = state(name + "LogSum", input, views); // [p]
    NDArray logSum = average(before, LogSum.along(1, others).sub(some.log())); // [p]
    NDArray weights = others.sub(logSum.reshape(-1, 1)).exp().div(some.reshape(-1, 1)); // [p, p]

    NDArray pull = weights.mul(logits).sum(new int[] {1}); // [p]
    NDArray slope = logSum.add(Constant.of(logSum, options.robustness())).sub(pull); // [p]
    NDArray average = state(name + "Gradient", input, views); // [p]
    NDArray gradient = smoothed(average, slope); // [p]
    Visits visits = Visits.of(count, views);
    Map<String, NDArray> state = new LinkedHashMap<>();
    state.put(name + "LogSum", visits.or(logSum, before));
    state.put(name + "Gradient", visits.or(gradient, average));
    state.put(name + "Temperature", visits.or(moved(temperature, gradient), temperature));
    return new Direction(visits.only(apart.mul(weights).sum(new int[] {1})), state);
  }

  /// Which rows have something to be told apart from.
  ///
  /// @param rows boolean `[p]`; empty where all have
  private record Visits(Optional<NDArray> rows) {
    static Visits of(NDArray count, TwoViews views) {
      return new Visits(views.same().map(any -> count.gt(Constant.of(count, 0))));
    }

    NDArray or(NDArray visited, NDArray before) {
      return rows.map(which -> NDArrays.where(which, visited, before)).orElse(visited);
    }

    NDArray only(NDArray values) {
      return rows.map(which -> values.mul(which.toType(DataType.FLOAT32, false))).orElse(values);
    }
  }

  /// The rows of a state that take part, `[p]`.
  private static NDArray state(String name, LossInput input, TwoViews views) {
    NDArray all = input.state(name);
    return views.chosen().isEmpty() ? all : all.get(index(views, all.getManager()));
  }

  /// `log((1−γ) exp(before) + γ exp(now))`; now alone where there was nothing before.
  private NDArray average(NDArray before, NDArray now) {
    double share = options.visitShare();
    if (share == 1) {
      return now;
    }
    NDArray nothing = Constant.of(before, Double.NEGATIVE_INFINITY);
    NDArray seen = before.gt(nothing).toType(DataType.FLOAT32, false); // [p]
    // An infinite number times zero is none, so what was never seen is replaced first.
    NDArray known = before.maximum(Constant.of(before, -1e30));
    NDArray kept = known.add(Constant.of(known, Math.log(1 - share)));
    NDArray added = now.add(Constant.of(now, Math.log(share)));
    NDArray largest = kept.maximum(added);
    NDArray mixed = kept.sub(largest).exp().add(added.sub(largest).exp()).log().add(largest);
    return mixed.mul(seen).add(now.mul(Constant.of(seen, 1).sub(seen)));
  }

  private NDArray smoothed(NDArray before, NDArray slope) {
    double share = options.gradientShare();
    double bound = options.gradientBound();
    NDArray bounded = between(-bound, slope, bound);
    return before.mul(Constant.of(before, 1 - share)).add(bounded.mul(Constant.of(bounded, share)));
  }

  private NDArray moved(NDArray temperature, NDArray gradient) {
    NDArray step = gradient.mul(Constant.of(gradient, options.temperatureRate()));
    return between(
        options.lowestTemperature(), temperature.sub(step), options.highestTemperature());
  }

  private static NDArray between(double lowest, NDArray values, double highest) {
    return values.maximum(Constant.of(values, lowest)).minimum(Constant.of(values, highest));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(0);
  }
}
