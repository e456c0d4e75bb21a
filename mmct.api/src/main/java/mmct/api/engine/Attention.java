package mmct.api.engine;

import ai.djl.ndarray.NDArray;

/// Scaled dot-product attention of several heads (Vaswani et al. 2017, section 3.2.1): each asking
/// token gets a mean of the values of all tokens, whose shares are `softmax(q·k / √d + penalty)`.
///
/// Shapes: n rows, a asking tokens, l tokens, h heads, d the width of each.
public sealed interface Attention permits SingleOperationsAttention, FusedAttention {
  /// Attends from some tokens to all tokens.
  ///
  /// @param queries `[n, a, h, d]`
  /// @param keys `[n, l, h, d]`
  /// @param values `[n, l, h, d]`
  /// @param penalty added to the scores, finite, `[n, 1, 1, l]`
  /// @param dropout the rate at which shares are dropped; 0 outside of training
  /// @return `[n, a, h, d]`, owned by the manager of the queries
  NDArray of(NDArray queries, NDArray keys, NDArray values, NDArray penalty, double dropout);

  /// By operations that Deep Java Library offers, one after the other. It can be traced.
  static Attention singleOperations() {
    return new SingleOperationsAttention();
  }

  /// By one operation of libtorch where that is faster and this libtorch has it, by single
  /// operations elsewhere; both give the same up to rounding.
  ///
  /// One operation it is where nothing is dropped, on a GPU in every format and on a processor in
  /// float32. Arrays that only record what is done with them are left to single operations.
  static Attention fused() {
    return new FusedAttention(singleOperations());
  }
}
