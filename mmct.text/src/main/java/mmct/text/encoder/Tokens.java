package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import mmct.api.spi.Constant;

/// What the encoders read from a batch of ids `[n, l]`, padded at the end.
final class Tokens {
  /// Added to the score of a padding token: far below any score, so that its share is exactly 0 in
  /// float32, and finite, so that a row of nothing but padding stays a number.
  private static final float PENALTY = 1e4f;

  private Tokens() {}

  /// 1 where there is a token and 0 where there is padding, float32 `[n, l]`.
  static NDArray present(NDArray ids, long padding) {
    return ids.neq(padding).toType(DataType.FLOAT32, false);
  }

  /// What is added to attention scores, 0 for tokens, `[n, 1, 1, l]`.
  static NDArray penalty(NDArray ids, long padding) {
    NDArray present = present(ids, padding); // [n, l]
    return present
        .sub(Constant.of(present, 1))
        .mul(Constant.of(present, PENALTY))
        .expandDims(1)
        .expandDims(1);
  }

  /// The positions 0 to l − 1, int64 `[l]`.
  static NDArray positions(NDArray ids) {
    NDManager manager = ids.getManager();
    return manager.arange(0, (int) ids.getShape().get(1), 1, DataType.INT64);
  }

  /// The first token of each row, `[n, l, w]` to `[n, 1, w]`.
  static NDArray first(NDArray tokens) {
    return tokens.get(new NDIndex(":, 0:1"));
  }
}
