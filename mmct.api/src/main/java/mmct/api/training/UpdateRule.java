package mmct.api.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import mmct.api.engine.FusedUpdates;
import mmct.api.engine.Torch;
import mmct.api.spi.Constant;

/// How an optimiser changes weights. A rule is a function of arrays: what it remembers between
/// steps is handed in.
sealed interface UpdateRule {
  private static NDArray times(NDArray array, double number) {
    return array.mul(Constant.of(array, number));
  }

  /// The names of the arrays that it remembers, each as large as the weights.
  List<String> memory();

  /// Whether every parameter must be updated by itself, because the rule looks at its norm.
  boolean perParameter();

  /// Changes a piece of weights in place.
  ///
  /// @param piece weights `[p]`, their gradient `[p]` (which may be overwritten) and memory
  /// @param scalars of this step
  /// @param scope owns temporaries
  void update(Piece piece, Scalars scalars, NDManager scope);

  /// A rule that libtorch has for many parameters at once.
  sealed interface Fused extends UpdateRule {
    /// Changes parameters in place.
    ///
    /// @param arrays theirs
    /// @param rate the learning rate
    /// @param decay the weight decay of all of them
    void update(FusedUpdates updates, Arrays arrays, double rate, double decay);
  }

  /// Some parameters' arrays, each in its parameter's shape.
  ///
  /// @param weights changed in place
  /// @param gradients of the weights
  /// @param memory one list for each of [#memory], changed in place
  /// @param counts how often each has been updated, this time included
  /// @param scope owns temporaries
  record Arrays(
      NDList weights, NDList gradients, List<NDList> memory, long[] counts, NDManager scope) {}

  /// A piece of an encoder's weights.
  ///
  /// @param weights `[p]`, changed in place
  /// @param gradient `[p]`
  /// @param memory one array `[p]` for each of [#memory], changed in place
  /// @param decays whether weight decay applies
  /// @param proper whether they are weights proper, neither biases nor part of a normalisation nor
  ///     lone numbers
  record Piece(
      NDArray weights, NDArray gradient, List<NDArray> memory, boolean decays, boolean proper) {}

  /// The numbers of a step.
  ///
  /// @param rate the learning rate
  /// @param decay the weight decay
  /// @param count how often this piece has been updated, this time included
  record Scalars(double rate, double decay, long count) {}

  /// Stochastic gradient descent by PyTorch's rule: `v ← μ·v + (g + β·w)`, `w ← w − η·v`. The rate
  /// multiplies the velocity, not the gradient that enters it, so that a change of rate acts at
  /// once.
  record Sgd(double momentum) implements Fused {
    @Override
    public List<String> memory() {
      return List.of("velocity");
    }

    @Override
    public boolean perParameter() {
      return false;
    }

    @Override
    public void update(Piece piece, Scalars scalars, NDManager scope) {
      NDArray gradient = piece.gradient();
      if (piece.decays() && scalars.decay() != 0) {
        gradient = gradient.add(times(piece.weights(), scalars.decay()));
      }
      NDArray velocity = piece.memory().getFirst();
      velocity.muli(Constant.of(gradient, momentum)).addi(gradient);
      NDArray step = times(velocity, scalars.rate());
      piece.weights().subi(step);
    }

    @Override
    public void update(FusedUpdates updates, Arrays arrays, double rate, double decay) {
      NDList velocities = momentum == 0 ? new NDList() : arrays.memory().getFirst();
      updates.sgd(arrays.weights(), arrays.gradients(), velocities, rate, momentum, decay);
    }
  }

  /// Adam with decoupled weight decay (Loshchilov and Hutter 2019), by PyTorch's rule.
  record AdamW(double beta1, double beta2, double epsilon) implements Fused {
    @Override
    public List<String> memory() {
      return List.of("mean", "square");
    }

    @Override
    public boolean perParameter() {
      return false;
    }

    @Override
    public void update(Piece piece, Scalars scalars, NDManager scope) {
      NDArray weights = piece.weights();
      if (piece.decays() && scalars.decay() != 0) {
        weights.muli(Constant.of(weights, 1 - scalars.rate() * scalars.decay()));
      }
      NDArray mean = piece.memory().getFirst();
      NDArray square = piece.memory().getLast();
      NDArray gradient = piece.gradient();
      mean.muli(Constant.of(mean, beta1)).addi(times(gradient, 1 - beta1));
      NDArray squared = gradient.mul(gradient).muli(Constant.of(gradient, 1 - beta2));
      square.muli(Constant.of(square, beta2)).addi(squared);
      double correction1 = 1 - Math.pow(beta1, (double) scalars.count());
      double correction2 = 1 - Math.pow(beta2, (double) scalars.count());
      NDArray denominator =
          square
              .sqrt()
              .divi(Constant.of(square, Math.sqrt(correction2)))
              .addi(Constant.of(square, epsilon));
      weights.subi(mean.div(denominator).muli(Constant.of(mean, scalars.rate() / correction1)));
    }

    @Override
    public void update(FusedUpdates updates, Arrays arrays, double rate, double decay) {
      float[] counts = new float[arrays.counts().length];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = arrays.counts()[i];
      }
      NDArray all = arrays.scope().create(counts);
      NDList each = new NDList();
      for (int i = 0; i < counts.length; i++) {
        each.add(Torch.rows(all, i, i + 1, arrays.scope()));
      }
      updates.adamW(
          arrays.weights(),
          arrays.gradients(),
          arrays.memory().getFirst(),
          arrays.memory().getLast(),
          each,
          rate,
          beta1,
          beta2,
          decay,
          epsilon);
    }
  }

  /// Layer-wise adaptive rate scaling (You, Gitman and Ginsburg 2017, Eq. 6): each weight's rate is
  /// multiplied by `trust·‖w‖ / (‖g‖ + β·‖w‖)`. Biases, the weights of normalisations and lone
  /// numbers take the plain rate, as is usual.
  record Lars(double momentum, double trust) implements UpdateRule {
    @Override
    public List<String> memory() {
      return List.of("velocity");
    }

    @Override
    public boolean perParameter() {
      return true;
    }

    @Override
    public void update(Piece piece, Scalars scalars, NDManager scope) {
      NDArray weights = piece.weights();
      NDArray gradient = piece.gradient();
      double decay = piece.decays() ? scalars.decay() : 0;
      NDArray adapted = Constant.of(weights, scalars.rate()); // []
      if (piece.proper()) {
        adapted = adapted.mul(adaptation(weights, gradient, decay));
      }
      if (decay != 0) {
        gradient = gradient.add(times(weights, decay));
      }
      NDArray velocity = piece.memory().getFirst();
      velocity.muli(Constant.of(weights, momentum)).addi(gradient.mul(adapted));
      weights.subi(velocity);
    }

    /// What a weight's rate is multiplied by, `[]`; it never leaves the device.
    private NDArray adaptation(NDArray weights, NDArray gradient, double decay) {
      NDArray weightNorm = weights.dot(weights).sqrt();
      NDArray gradientNorm = gradient.dot(gradient).sqrt();
      NDArray zero = Constant.of(weights, 0);
      NDArray both = weightNorm.gt(zero).logicalAnd(gradientNorm.gt(zero));
      NDArray ratio = times(weightNorm, trust).div(gradientNorm.add(times(weightNorm, decay)));
      return NDArrays.where(both, ratio, Constant.of(weights, 1));
    }
  }
}
