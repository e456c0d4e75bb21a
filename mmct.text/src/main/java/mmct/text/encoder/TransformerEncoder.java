package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import mmct.api.engine.Attention;
import mmct.api.spi.Staged;
import org.jspecify.annotations.Nullable;

/// A small pre-norm transformer over token ids: learned positions, a last layer normalisation, and
/// the first token's output as the text's features. Ids int64 `[n, l]` to features `[n, w]`.
public final class TransformerEncoder extends Layer implements Staged {
  private final Sizes sizes;
  private final Embedding token;
  private final Embedding position;
  private final List<TransformerLayer> layers = new ArrayList<>();
  private final LayerNormalization norm;

  /// How large the encoder is.
  ///
  /// @param vocabulary the number of tokens
  /// @param padding the id of the padding token
  /// @param maxLength the most tokens that a row may have
  /// @param depth the number of layers
  /// @param width the width of tokens and features, a multiple of `heads`
  /// @param heads the number of attention heads
  /// @param dropout the share of elements dropped after attention and in the feed-forward part
  public record Sizes(
      int vocabulary,
      int padding,
      int maxLength,
      int depth,
      int width,
      int heads,
      double dropout) {}

  /// Creates an uninitialised encoder.
  public TransformerEncoder(Sizes sizes) {
    this(sizes, Attention.fused());
  }

  /// Creates an uninitialised encoder that attends in a given way.
  @SuppressWarnings("this-escape")
  public TransformerEncoder(Sizes sizes, Attention attention) {
    super(sizes.width);
    this.sizes = sizes;
    int width = sizes.width;
    token =
        addChildBlock(
            "token",
            new Embedding(
                sizes.vocabulary, width, Initial.withZeroRow(Initial.normal(1), sizes.padding)));
    position = addChildBlock("position", new Embedding(sizes.maxLength, width, Initial.normal(1)));
    Named stack = addChildBlock("layer", new Named());
    for (int i = 0; i < sizes.depth; i++) {
      layers.add(
          stack.add(
              Integer.toString(i),
              new TransformerLayer(width, sizes.heads, sizes.dropout, attention)));
    }
    norm = addChildBlock("norm", new LayerNormalization(width, 1e-5));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), sizes.width)};
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    return Staged.forward(stages(), parameters, inputs, training);
  }

  /// The embeddings, which hand the penalty on beside the tokens, and each layer.
  @Override
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    stages.add((parameters, inputs, training) -> embedded(inputs, new Pass(parameters, training)));
    for (TransformerLayer layer : layers.subList(0, layers.size() - 1)) {
      stages.add(
          (parameters, x, training) -> {
            Pass pass = new Pass(parameters, training);
            return new NDList(layer.apply(x.get(0), x.get(1), pass), x.get(1)); // [n, l, w]
          });
    }
    stages.add((parameters, x, training) -> last(x, new Pass(parameters, training)));
    return stages;
  }

  private NDList embedded(NDList inputs, Pass pass) {
    NDArray ids = inputs.singletonOrThrow();
    NDArray penalty = Tokens.penalty(ids, sizes.padding); // [n, 1, 1, l]
    NDArray places = position.apply(Tokens.positions(ids), pass);
    return new NDList(token.apply(ids, pass).add(places), penalty);
  }

  private NDList last(NDList x, Pass pass) {
    NDArray first = layers.getLast().applyToFirst(x.get(0), x.get(1), pass); // [n, 1, w]
    return new NDList(norm.apply(first, pass).squeeze(1)); // [n, w]
  }
}
