package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import mmct.api.spi.Constant;
import org.jspecify.annotations.Nullable;

/// Encodes a set of tags: the mean of the present tags' vectors (an embedding bag) and two
/// linear layers with ReLU between. Multi-hot `[n, T]` to features `[n, w]`; a row without tags is
/// read as a vector of zeros.
public final class TagEncoder extends Layer {
  private final Embedding embedding;
  private final Dense hidden;
  private final Dense output;

  /// Creates an uninitialised encoder.
  ///
  /// @param tags the number of tags T
  /// @param hiddenWidth the width of the tags' vectors and of the hidden layer
  /// @param width the width of the features
  @SuppressWarnings("this-escape")
  public TagEncoder(int tags, int hiddenWidth, int width) {
    super(width);
    embedding = addChildBlock("embedding", new Embedding(tags, hiddenWidth, Initial.normal(1)));
    hidden = addChildBlock("hidden", Dense.standard(hiddenWidth, hiddenWidth));
    output = addChildBlock("output", Dense.standard(hiddenWidth, width));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    Pass pass = new Pass(parameters, training);
    NDArray tags = inputs.singletonOrThrow(); // [n, T]
    NDArray counts = tags.sum(new int[] {1}, true).maximum(Constant.of(tags, 1)); // [n, 1]
    NDArray mean = embedding.sums(tags, pass).div(counts); // [n, hidden]
    NDArray inner = Activation.relu(hidden.apply(mean, pass));
    return new NDList(output.apply(inner, pass));
  }
}
