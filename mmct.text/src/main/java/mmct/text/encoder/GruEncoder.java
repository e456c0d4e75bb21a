package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/// Word vectors and one layer of gated recurrent units (Cho et al. 2014), whose state after the
/// last token is the text's features, as in VSE++ (Faghri et al. 2018). Ids int64 `[n, l]` to
/// features `[n, w]`; a row of nothing but padding gives zeros.
///
/// Padding comes last, so the states before it do not depend on it: the layer runs over all l
/// places in one operation of the engine, and the state of the last token is picked afterwards.
/// Parameters and gates are PyTorch's: `rnn.weight_ih_l0` `[3 w, words]` holds reset, update and
/// new gate, and the reset gate multiplies the recurrent part with its bias.
public final class GruEncoder extends Layer {
  private final int width;
  private final int padding;
  private final Embedding words;
  private final Recurrence recurrence;

  /// Creates an uninitialised encoder.
  ///
  /// @param vocabulary the number of tokens
  /// @param padding the id of the padding token
  /// @param wordWidth the width of the word vectors
  /// @param width the width of the state
  @SuppressWarnings("this-escape")
  public GruEncoder(int vocabulary, int padding, int wordWidth, int width) {
    super(width);
    this.width = width;
    this.padding = padding;
    Initializer vectors = Initial.withZeroRow(Initial.uniform(0.1), padding);
    words = addChildBlock("embed", new Embedding(vocabulary, wordWidth, vectors));
    recurrence = addChildBlock("rnn", new Recurrence(wordWidth, width));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), width)};
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    Pass pass = new Pass(parameters, training);
    NDArray ids = inputs.singletonOrThrow();
    NDArray states = recurrence.apply(words.apply(ids, pass), pass); // [n, l, w]
    return new NDList(states.mul(last(ids).expandDims(2)).sum(new int[] {1}));
  }

  /// 1 at the last token of each row and 0 elsewhere, float32 `[n, l]`.
  private NDArray last(NDArray ids) {
    NDArray present = Tokens.present(ids, padding);
    NDArray length = present.sum(new int[] {1}, true); // [n, 1]
    NDArray place = present.cumSum(1); // [n, l]
    return place.eq(length).toType(DataType.FLOAT32, false).mul(present);
  }

  /// The recurrent layer: `[n, l, words]` to all states `[n, l, w]`, from a state of zeros.
  private static final class Recurrence extends Layer {
    private final int width;
    private final Parameter inputWeight;
    private final Parameter stateWeight;
    private final Parameter inputBias;
    private final Parameter stateBias;

    private Recurrence(int in, int width) {
      super(width);
      this.width = width;
      Initializer start = Initial.linear(width);
      inputWeight = trained("weight_ih_l0", Parameter.Type.WEIGHT, start, 3L * width, in);
      stateWeight = trained("weight_hh_l0", Parameter.Type.WEIGHT, start, 3L * width, width);
      inputBias = trained("bias_ih_l0", Parameter.Type.BIAS, start, 3L * width);
      stateBias = trained("bias_hh_l0", Parameter.Type.BIAS, start, 3L * width);
    }

    private NDArray apply(NDArray input, Pass pass) {
      Shape stateShape = new Shape(1, input.getShape().get(0), width);
      NDArray state = input.getManager().zeros(stateShape, input.getDataType());
      NDList weights =
          new NDList(
              pass.value(inputWeight, input),
              pass.value(stateWeight, input),
              pass.value(inputBias, input),
              pass.value(stateBias, input));
      return input
          .getNDArrayInternal()
          .gru(input, state, weights, true, 1, 0, pass.training(), false, true)
          .getFirst();
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      return new NDList(apply(inputs.singletonOrThrow(), new Pass(parameters, training)));
    }
  }
}
