package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.util.PairList;
import mmct.api.engine.Attention;
import org.jspecify.annotations.Nullable;

/// A pre-norm transformer layer (Xiong et al. 2020): normalisation comes before attention and
/// before the feed-forward part, whose hidden layer is four times as wide. It computes what
/// PyTorch's `TransformerEncoderLayer(norm_first=True, activation="gelu")` computes.
final class TransformerLayer extends Layer {
  private static final double EPSILON = 1e-5;

  private final double dropout;
  private final LayerNormalization attentionNorm;
  private final SelfAttention attention;
  private final Dense attentionOutput;
  private final LayerNormalization feedForwardNorm;
  private final Dense hidden;
  private final Dense output;

  TransformerLayer(int width, int heads, double dropout, Attention way) {
    super(width);
    this.dropout = dropout;
    attentionNorm = addChildBlock("attention_norm", new LayerNormalization(width, EPSILON));
    // PyTorch starts query, key and value as one matrix of 3 w rows: uniform within √(6 / (w + 3
    // w)).
    XavierInitializer glorot =
        new XavierInitializer(
            XavierInitializer.RandomType.UNIFORM, XavierInitializer.FactorType.AVG, 1.5f);
    attention = addChildBlock("attention", new SelfAttention(width, heads, dropout, glorot, way));
    attentionOutput =
        addChildBlock(
            "attention_output", new Dense(width, width, Initial.linear(width), Initializer.ZEROS));
    feedForwardNorm = addChildBlock("feed_forward_norm", new LayerNormalization(width, EPSILON));
    hidden = addChildBlock("hidden", Dense.standard(width, 4 * width));
    output = addChildBlock("output", Dense.standard(4 * width, width));
  }

  /// Runs the layer for all tokens, `[n, l, w]` to `[n, l, w]`.
  NDArray apply(NDArray tokens, NDArray penalty, Pass pass) {
    NDArray normed = attentionNorm.apply(tokens, pass);
    return rest(tokens, normed, normed, penalty, pass);
  }

  /// Runs the layer for the first token alone, which still sees all others: `[n, l, w]` to
  /// `[n, 1, w]`. The last layer of an encoder that reads only this token need not do more.
  NDArray applyToFirst(NDArray tokens, NDArray penalty, Pass pass) {
    NDArray normed = attentionNorm.apply(tokens, pass);
    return rest(Tokens.first(tokens), Tokens.first(normed), normed, penalty, pass);
  }

  private NDArray rest(NDArray wanted, NDArray asking, NDArray normed, NDArray penalty, Pass pass) {
    NDArray seen = attentionOutput.apply(attention.apply(asking, normed, penalty, pass), pass);
    NDArray attended = wanted.add(pass.dropout(seen, dropout));
    NDArray inner = hidden.apply(feedForwardNorm.apply(attended, pass), pass);
    NDArray outer = output.apply(pass.dropout(Activation.gelu(inner), dropout), pass);
    return attended.add(pass.dropout(outer, dropout));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    return new NDList(apply(inputs.get(0), inputs.get(1), new Pass(parameters, training)));
  }
}
