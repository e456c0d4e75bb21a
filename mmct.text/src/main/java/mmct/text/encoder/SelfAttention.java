package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import mmct.api.engine.Attention;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention of several heads (Vaswani et al. 2017, section 3.2), before the
/// output projection. Children `query`, `key` and `value`, as in Hugging Face's BERT.
///
/// Shapes: n rows, a asking tokens, l tokens, w width, h heads, d = w / h.
final class SelfAttention extends Layer {
  private final int heads;
  private final int headWidth;
  private final double dropout;
  private final Attention attention;
  private final Dense query;
  private final Dense key;
  private final Dense value;

  SelfAttention(int width, int heads, double dropout, Initializer weights, Attention attention) {
    super(width);
    this.heads = heads;
    headWidth = width / heads;
    this.dropout = dropout;
    this.attention = attention;
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
    NDArray queries = heads(query.apply(asking, pass));
    NDArray keys = heads(key.apply(tokens, pass));
    NDArray values = heads(value.apply(tokens, pass));
    return attention
        .of(queries, keys, values, penalty, pass.dropoutRate(dropout)) // [n, a, h, d]
        .reshape(asking.getShape());
  }

  /// `[n, l, w]` to `[n, l, h, d]`.
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
