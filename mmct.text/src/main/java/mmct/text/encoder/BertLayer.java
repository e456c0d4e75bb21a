package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import mmct.api.engine.Attention;
import org.jspecify.annotations.Nullable;

/// One layer of BERT: attention and a feed-forward part, each followed by dropout, the residual sum
/// and a layer normalisation (post-norm). Names as in Hugging Face's `BertLayer`.
final class BertLayer extends Layer {
  private final double dropout;
  private final SelfAttention attention;
  private final Dense attentionOutput;
  private final LayerNormalization attentionNorm;
  private final Dense intermediate;
  private final Dense output;
  private final LayerNormalization outputNorm;

  BertLayer(BertEncoder.Sizes sizes, Initializer weights, Attention way) {
    super(sizes.width());
    int width = sizes.width();
    int wide = sizes.feedForward();
    dropout = sizes.dropout();
    Named attentionPart = addChildBlock("attention", new Named());
    attention =
        attentionPart.add("self", new SelfAttention(width, sizes.heads(), dropout, weights, way));
    Named attentionEnd = attentionPart.add("output", new Named());
    attentionOutput =
        attentionEnd.add("dense", new Dense(width, width, weights, Initializer.ZEROS));
    attentionNorm =
        attentionEnd.add("LayerNorm", new LayerNormalization(width, BertEncoder.EPSILON));
    intermediate =
        addChildBlock("intermediate", new Named())
            .add("dense", new Dense(width, wide, weights, Initializer.ZEROS));
    Named end = addChildBlock("output", new Named());
    output = end.add("dense", new Dense(wide, width, weights, Initializer.ZEROS));
    outputNorm = end.add("LayerNorm", new LayerNormalization(width, BertEncoder.EPSILON));
  }

  /// Runs the layer for some tokens, which attend to all.
  ///
  /// @param wanted `[n, a, w]`
  /// @param tokens `[n, l, w]`
  /// @param penalty `[n, 1, 1, l]`
  /// @return `[n, a, w]`
  NDArray apply(NDArray wanted, NDArray tokens, NDArray penalty, Pass pass) {
    NDArray seen = attentionOutput.apply(attention.apply(wanted, tokens, penalty, pass), pass);
    NDArray attended = attentionNorm.apply(pass.dropout(seen, dropout).add(wanted), pass);
    NDArray inner = Activation.gelu(intermediate.apply(attended, pass));
    NDArray outer = pass.dropout(output.apply(inner, pass), dropout);
    return outputNorm.apply(outer.add(attended), pass);
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
