package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;

/// Mixed samples, and then soft targets: a mixture of two rows must find both partners in the
/// other modality; later, a row must find those of the other modality that are like its own
/// partner.
///
/// Kumar et al., "Harnessing Shared Relations via Multimodal Mixup Contrastive Learning for
/// Multimodal Classification", 2024 (M3CoL), and the authors' code. Rows
/// `x̃ᵢ = β xᵢ + (1−β) x_π(i)` are compared with all y. With `p = softmax(x̃·y/τ)` a mixture costs
/// `−[β log p(yᵢ | x̃ᵢ) + (1−β) log p(y_π(i) | x̃ᵢ)]`, and a row y costs the same of the mixtures
/// that it is in; half of both together is the value of x mixed. The loss is the mean of that and
/// of the value of y mixed. β is drawn from Beta(a, a) for a share of the rows and is 1 for the
/// others; with β = 1 everywhere it is the CLIP loss.
///
/// After the first epochs nothing is mixed. The cross-entropies of `softmax(x·y/τ₂)`, over rows
/// and over columns, then have the targets `softmax(y·y/τ₂)`, those of `softmax(y·x/τ₂)` the
/// targets `softmax(x·x/τ₂)`. The gradient flows through the targets, as in the authors' code,
/// unless an option says otherwise.
///
/// Deviations: mixed are the projected features of length 1, which are then brought to length 1
/// again. The paper mixes pictures and the embeddings of words before they are encoded; the
/// authors' code for pictures and texts mixes what the encoders give, before it is brought to
/// length 1. A row that is its own partner keeps the whole target, which the authors' code
/// overwrites with 1 − β. The two values, of x mixed and of y mixed, are averaged, where the
/// authors' code adds them: its factor λ is half the objective's weight here (0.2 for their 0.1).
/// Other rows of the instance of a row, or of one of a mixture's two rows, are left out where the
/// run says so.
///
/// @param options temperatures, mixture and when it ends
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
    if (input.epoch() >= options.mixingEpochs()) {
      return LossOutput.of(
          mean(
              soft(views.first(), views.second(), views.same()),
              soft(views.second(), views.first(), views.same())));
    }
    RowOrder order = RowOrder.of(input);
    return LossOutput.of(
        mean(
            mixed(views.first(), views.second(), views.same(), order, 1),
            mixed(views.second(), views.first(), views.same(), order, 2)));
  }

  private static NDArray mean(NDArray there, NDArray back) {
    return there.add(back).mul(Constant.of(there, 0.5)); // [n]
  }

  /// Cross-entropies of one side's rows with the other side's, both ways, whose targets are how
  /// alike the other side's rows are: `[n]`.
  private NDArray soft(NDArray rows, NDArray others, Optional<NDArray> same) {
    NDArray scale = Constant.of(rows, 1 / options.softTemperature());
    NDArray teacher = options.detachTargets() ? others.stopGradient() : others; // [n, d]
    NDArray alike = teacher.mul(scale).matMul(teacher.transpose()); // [n, n]
    NDArray targets = CrossEntropy.mask(alike, same).softmax(1); // [n, n]
    NDArray logits = rows.mul(scale).matMul(others.transpose()); // [n, n]
    return CrossEntropy.bothWays(CrossEntropy.mask(logits, same), targets, targets, 0.5);
  }

  /// Cross-entropies of one side's mixtures with the other side's rows, both ways: `[n]`.
  private NDArray mixed(
      NDArray rows, NDArray others, Optional<NDArray> same, RowOrder order, int purpose) {
    NDManager manager = rows.getManager();
    int[] partners = order.partners(purpose);
    float[] shares = shares(partners.length, order, purpose + 2L);
    NDArray own = manager.create(shares, new Shape(shares.length, 1)); // β, [n, 1]
    NDArray partner = rows.get(new NDIndex("{}", manager.create(partners))); // [n, d]
    NDArray mixture = rows.mul(own).add(partner.mul(Constant.of(own, 1).sub(own)));
    NDArray length = Lengths.of(mixture, 1e-12); // [n, 1]
    NDArray scale = length.mul(Constant.of(length, options.temperature()));
    NDArray logits = mixture.div(scale).matMul(others.transpose()); // [n, n]
    NDArray targets = targets(shares, partners, manager);
    NDArray told =
        same.map(which -> logits.add(CrossEntropy.low(leftOut(which, partners, manager))))
            .orElse(logits); // [n, n]
    return CrossEntropy.bothWays(told, targets, targets.transpose(), 0.5);
  }

  /// Which rows are of the instance of one of a mixture's two rows without being one of them,
  /// boolean `[n, n]`.
  private static NDArray leftOut(NDArray same, int[] partners, NDManager manager) {
    int n = partners.length;
    boolean[] others = same.toBooleanArray();
    boolean[] out = new boolean[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        boolean alike = others[i * n + j] || others[partners[i] * n + j];
        out[i * n + j] = alike && j != i && j != partners[i];
      }
    }
    return manager.create(out, new Shape(n, n));
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
