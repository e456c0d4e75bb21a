package mmct.api.training;

import ai.djl.ndarray.NDArray;

/// Where the gradients of several processes that train one graph together become one. A step
/// calls it once, after the backward pass and before anything looks at the gradients. A single
/// process has none, and pays nothing for it.
@FunctionalInterface
public interface GradientExchange {
  /// Adds up the buffers of all processes, in place.
  ///
  /// @param gradients float32 `[total + parameters]`: the gradients of all parameters one after the
  ///     other, zeros where none reached one, and then for each parameter in how many processes one
  ///     did
  void sum(NDArray gradients);
}
