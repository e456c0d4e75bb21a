package mmct.api.training;

import ai.djl.ndarray.NDManager;
import java.util.List;
import mmct.api.training.TrainedGroup.Reached;

/// How gradients get to the weights: by one operation after the other on pieces of them, or by
/// operations on all of them at once where libtorch has such. Both give the same, up to rounding.
sealed interface GradientUpdate permits PiecewiseUpdate, FusedUpdate {
  /// The norm of all gradients of a step together; 0 where there is none.
  double norm(List<Reached> gradients);

  /// Changes weights and what the rule remembers; the counts are those after this update.
  ///
  /// @param scale by which the gradients are multiplied first
  /// @param numbers rate and decay
  /// @param step owns temporaries
  void update(Reached gradients, double scale, Numbers numbers, NDManager step);

  /// The numbers of a group in a step.
  ///
  /// @param rate the learning rate
  /// @param decay the weight decay
  /// @param decaysAll whether it applies to biases and normalisations too; it never does to lone
  ///     numbers
  record Numbers(double rate, double decay, boolean decaysAll) {}
}
