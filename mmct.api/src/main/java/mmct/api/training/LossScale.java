package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import mmct.api.engine.Precision;
import mmct.api.graph.StepParameters;
import mmct.api.spi.Constant;

/// Multiplies the loss so that small gradients do not vanish in fp16, and divides the gradients
/// again (Micikevicius et al., "Mixed Precision Training", 2018, section 3.2). Where they overflow,
/// the step is left out and the factor halved; after 2,000 steps without that it is doubled, as
/// PyTorch does. Other precisions have the range of float32 and need nothing.
final class LossScale {
  private static final double FIRST = 65_536;
  private static final long PATIENCE = 2_000;
  private static final String NAME = "precision.loss_scale";

  private final boolean active;
  private double factor = FIRST;
  private long sinceChange;
  private long skipped;

  LossScale(Precision precision) {
    active = precision == Precision.FP16;
  }

  /// Whether losses are scaled at all.
  boolean active() {
    return active;
  }

  /// What losses are multiplied by now.
  double factor() {
    return factor;
  }

  /// How many steps have been left out.
  long skipped() {
    return skipped;
  }

  /// The loss `[]` that is to be differentiated.
  NDArray scaled(NDArray loss) {
    return active ? loss.mul(Constant.of(loss, factor)) : loss;
  }

  /// Divides the gradients in place, and adapts the factor.
  ///
  /// @param step owns temporaries
  /// @return whether they are numbers; where even the unscaled loss has gradients that are not, it
  ///     is for the optimiser to say so
  boolean unscale(StepParameters parameters, NDManager step) {
    if (!active) {
      return true;
    }
    NDList peaks = new NDList();
    for (NDArray gradient : parameters.gradients()) {
      gradient.muli(Constant.of(gradient, 1 / factor));
      peaks.add(gradient.abs().max());
    }
    if (peaks.isEmpty() || Float.isFinite(NDArrays.stack(peaks).max().getFloat())) {
      if (++sinceChange == PATIENCE) {
        factor *= 2;
        sinceChange = 0;
      }
      return true;
    }
    if (factor <= 1) {
      return true;
    }
    factor /= 2;
    sinceChange = 0;
    skipped++;
    return false;
  }

  /// What a checkpoint must hold.
  ///
  /// @param scope owns it
  Map<String, NDArray> state(NDManager scope) {
    return active
        ? Map.of(NAME, scope.create(new double[] {factor, (double) sinceChange, (double) skipped}))
        : Map.of();
  }

  /// Takes over what [#state] gave; a run that scaled nothing before starts afresh.
  void restore(Map<String, NDArray> state) {
    NDArray saved = state.get(NAME);
    if (active && saved != null) {
      double[] values = saved.toDoubleArray();
      factor = values[0];
      sinceChange = (long) values[1];
      skipped = (long) values[2];
    }
  }
}
