package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import mmct.api.spi.Constant;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention of several heads (Vaswani et al. 2017, section 3.2), before the
/// output projection. Children `query`, `key` and `value`, as in Hugging Face's BERT.
///
/// Shapes: n rows, a asking tokens, l tokens, w width, h heads, d = w / h.
final class SelfAttention extends Layer {
  private final int heads;
  private final int headWidth;
  private final double scale;
  private final double dropout;
  private final Dense query;
  private final Dense key;
  private final Dense value;

  SelfAttention(int width, int heads, double dropout, Initializer weights) {
    super(width);
    this.heads = heads;
    headWidth = width / heads;
    scale = 1 / Math.sqrt(headWidth);
    this.dropout = dropout;
    query = addChildBlock("query", new Dense(width, width, weights, Initializer.ZEROS));
    key = addChildBlock("key", new Dense(width, width, weights, Initializer.ZEROS));
    value = addChildBlock("value", new Dense(width, width, weights, Initializer.ZEROS));
  }

  /// Attends from some tokens to all tokens.
  ///
  /// @param asking `[n, a, w]`
  /// @param tokens `[n, l, w]`
  /// @param penalty added to the scores, `[n, 1, 1, l]`
  /// @return `[n, a, w]`
  NDArray apply(NDArray asking, NDArray tokens, NDArray penalty, Pass pass) {
    // Scaling the queries costs less than scaling the scores, one for each pair of tokens.
    NDArray scaled = query.apply(asking, pass).mul(Constant.of(asking, scale));
    NDArray queries = heads(scaled).transpose(0, 2, 1, 3); // [n, h, a, d]
    NDArray keys = heads(key.apply(tokens, pass)).transpose(0, 2, 3, 1); // [n, h, d, l]
    NDArray values = heads(value.apply(tokens, pass)).transpose(0, 2, 1, 3); // [n, h, l, d]
    NDArray scores = queries.matMul(keys).add(penalty);
    NDArray shares = pass.dropout(scores.softmax(-1), dropout); // [n, h, a, l]
    return shares.matMul(values).transpose(0, 2, 1, 3).reshape(asking.getShape());
  }

  private NDArray heads(NDArray tokens) {
    long rows = tokens.getShape().get(0);
    long length = tokens.getShape().get(1);
    return tokens.reshape(rows, length, heads, headWidth);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray tokens = inputs.get(0);
    return new NDList(apply(tokens, tokens, inputs.get(1), new Pass(parameters, training)));
  }
}
