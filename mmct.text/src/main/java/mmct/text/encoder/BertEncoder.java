package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import mmct.api.engine.Attention;
import mmct.api.spi.Staged;
import org.jspecify.annotations.Nullable;

/// BERT (Devlin et al. 2019) with its pooled output, in Hugging Face's layout and names
/// (`BertModel`). Ids int64 `[n, l]`, at most 512 a row, to features `[n, w]`:
/// tanh of a linear layer over the first token's output. All tokens are of type 0.
public final class BertEncoder extends Layer implements Staged {
  static final double EPSILON = 1e-12;
  private static final int MAX_POSITIONS = 512;
  private static final int TOKEN_TYPES = 2;
  private static final double DEVIATION = 0.02;

  private final Sizes sizes;
  private final Embedding words;
  private final Embedding positions;
  private final Embedding types;
  private final LayerNormalization embeddingNorm;
  private final List<BertLayer> layers = new ArrayList<>();
  private final Dense pooler;

  /// How large the encoder is.
  ///
  /// @param vocabulary the number of tokens
  /// @param padding the id of the padding token
  /// @param depth the number of layers
  /// @param width the width of tokens and features, a multiple of `heads`
  /// @param heads the number of attention heads
  /// @param feedForward the width of the feed-forward part's hidden layer
  /// @param dropout the share of elements dropped after embeddings, attention and feed-forward part
  public record Sizes(
      int vocabulary,
      int padding,
      int depth,
      int width,
      int heads,
      int feedForward,
      double dropout) {
    /// BERT-base: 12 layers, 768 wide, 12 heads.
    public static Sizes base(int vocabulary, int padding, double dropout) {
      return new Sizes(vocabulary, padding, 12, 768, 12, 3072, dropout);
    }

    /// BERT-small of Turc et al. (2019): 4 layers, 512 wide, 8 heads.
    public static Sizes small(int vocabulary, int padding, double dropout) {
      return new Sizes(vocabulary, padding, 4, 512, 8, 2048, dropout);
    }
  }

  /// Creates an uninitialised encoder.
  public BertEncoder(Sizes sizes) {
    this(sizes, Attention.fused());
  }

  /// Creates an uninitialised encoder that attends in a given way.
  @SuppressWarnings("this-escape")
  public BertEncoder(Sizes sizes, Attention attention) {
    super(sizes.width);
    this.sizes = sizes;
    int width = sizes.width;
    Initializer weights = Initial.normal(DEVIATION);
    Named embeddings = addChildBlock("embeddings", new Named());
    words =
        embeddings.add(
            "word_embeddings",
            new Embedding(sizes.vocabulary, width, Initial.withZeroRow(weights, sizes.padding)));
    positions = embeddings.add("position_embeddings", new Embedding(MAX_POSITIONS, width, weights));
    types = embeddings.add("token_type_embeddings", new Embedding(TOKEN_TYPES, width, weights));
    embeddingNorm = embeddings.add("LayerNorm", new LayerNormalization(width, EPSILON));
    Named stack = addChildBlock("encoder", new Named()).add("layer", new Named());
    for (int i = 0; i < sizes.depth; i++) {
      layers.add(stack.add(Integer.toString(i), new BertLayer(sizes, weights, attention)));
    }
    pooler =
        addChildBlock("pooler", new Named())
            .add("dense", new Dense(width, width, weights, Initializer.ZEROS));
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
    stages.add(
        (parameters, inputs, training) -> {
          NDArray ids = inputs.singletonOrThrow();
          NDArray tokens = embedded(ids, new Pass(parameters, training)); // [n, l, w]
          return new NDList(tokens, Tokens.penalty(ids, sizes.padding)); // [n, 1, 1, l]
        });
    for (BertLayer layer : layers.subList(0, layers.size() - 1)) {
      stages.add(
          (parameters, x, training) -> {
            Pass pass = new Pass(parameters, training);
            return new NDList(layer.apply(x.get(0), x.get(0), x.get(1), pass), x.get(1));
          });
    }
    stages.add((parameters, x, training) -> pooled(x, new Pass(parameters, training)));
    return stages;
  }

  private NDList pooled(NDList x, Pass pass) {
    NDArray tokens = x.get(0);
    // Only the first token is pooled, so the last layer need not make the others.
    NDArray first = layers.getLast().apply(Tokens.first(tokens), tokens, x.get(1), pass);
    return new NDList(Activation.tanh(pooler.apply(first, pass)).squeeze(1)); // [n, w]
  }

  private NDArray embedded(NDArray ids, Pass pass) {
    NDArray type = ids.getManager().zeros(new Shape(1), DataType.INT64);
    NDArray places = positions.apply(Tokens.positions(ids), pass).add(types.apply(type, pass));
    NDArray tokens = embeddingNorm.apply(words.apply(ids, pass).add(places), pass);
    return pass.dropout(tokens, sizes.dropout);
  }
}
