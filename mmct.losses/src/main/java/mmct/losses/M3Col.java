package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Mixed samples: a mixture of two rows must find both partners in the other modality.
///
/// Kumar et al., "Harnessing Shared Relations via Multimodal Mixup Contrastive Learning for
/// Multimodal Classification", 2024 (M3CoL): `x̃ = β xᵢ + (1−β) x_π(i)` and `−[β log p(yᵢ |
/// x̃) + (1−β) log p(y_π(i) | x̃)]` with `p = softmax(x̃·y/τ)`, the mean of both ways (x
/// mixed against y, and y mixed against x). β is drawn from Beta(a, a) for a share of the
/// rows and is 1 for the others; with β = 1 everywhere it is the CLIP loss.
///
/// Deviations: mixed are the projected features, which are then brought to length 1, where
/// the authors mix the encoders' inputs, for a loss sees only features; the two agree where
/// encoders are linear. A row that is its own partner keeps the whole target, which the
/// authors' code sets to zero. The change to a soft CLIP loss after a third of the epochs is
/// not part of it.
///
/// @param options temperature and mixture
public record M3Col(M3ColOptions options) implements Loss {
  /// Checks the options.
  public M3Col {
    options = Settings.of(options).bind(M3ColOptions.class);
  }

  @Override
  public Needs needs() {
    return TwoViews.needs(1);
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    TwoViews views = TwoViews.of(input);
    RowOrder order = RowOrder.of(input);
    NDArray there = mixed(views.first(), views.second(), order, 1);
    NDArray back = mixed(views.second(), views.first(), order, 2);
    NDArray sum = there.add(back);
    return LossOutput.of(sum.mul(Constant.of(sum, 0.5))); // [n]
  }

  /// Cross-entropy of one side's mixtures with the other side's rows, `[n]`.
  private NDArray mixed(NDArray rows, NDArray others, RowOrder order, int purpose) {
    NDManager manager = rows.getManager();
    int[] partners = order.partners(purpose);
    float[] shares = shares(partners.length, order, purpose + 2L);
    NDArray own = manager.create(shares, new Shape(shares.length, 1)); // β, [n, 1]
    NDArray partner = rows.get(new NDIndex("{}", manager.create(partners))); // [n, d]
    NDArray mixture = rows.mul(own).add(partner.mul(own.neg().add(1)));
    NDArray length = mixture.mul(mixture).sum(new int[] {1}, true).add(1e-12).sqrt();
    NDArray scale = length.mul(Constant.of(length, options.temperature()));
    NDArray logits = mixture.div(scale).matMul(others.transpose()); // [n, n]
    return logits.logSoftmax(1).mul(targets(shares, partners, manager)).sum(new int[] {1}).neg();
  }

  /// β on a row's own column and 1 − β on its partner's, `[n, n]`; rows add up to 1.
  private static NDArray targets(float[] shares, int[] partners, NDManager manager) {
    int n = partners.length;
    float[] targets = new float[n * n];
    for (int i = 0; i < n; i++) {
      targets[i * n + i] += shares[i];
      targets[i * n + partners[i]] += 1 - shares[i];
    }
    return manager.create(targets, new Shape(n, n));
  }

  /// β of every row.
  float[] shares(int n, RowOrder order, long purpose) {
    float[] shares = new float[n];
    for (int row = 0; row < n; row++) {
      SplittableRandom random = order.random(purpose, row);
      boolean mix = random.nextDouble() < options.mixedShare();
      shares[row] = mix ? (float) beta(options.concentration(), random) : 1;
    }
    return shares;
  }

  /// Draws from Beta(a, a) for a ≤ 1 by Jöhnk's method.
  private static double beta(double concentration, SplittableRandom random) {
    while (true) {
      double left = Math.pow(random.nextDouble(), 1 / concentration);
      double right = Math.pow(random.nextDouble(), 1 / concentration);
      if (left + right <= 1 && left + right > 0) {
        return left / (left + right);
      }
    }
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return OptionalDouble.of(Math.log(candidates + 1.0));
  }
}
