package mmct.eval.onnx;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.Multiplication;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.GhostBatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Blocks of Deep Java Library itself, by what they are called.
final class LayerCases {
  private final Map<String, Layer> cases = new LinkedHashMap<>();

  private LayerCases() {}

  /// A block and the shape of a row that it reads.
  record Layer(Block block, int... row) {}

  static Map<String, Layer> all() {
    LayerCases all = new LayerCases();
    all.convolutions();
    all.poolings();
    all.norms();
    all.combinations();
    all.recurrences();
    all.attention();
    return all.cases;
  }

  private void picture(String name, Block block) {
    cases.put(name, new Layer(block, 4, 9, 11));
  }

  private void series(String name, Block block) {
    cases.put(name, new Layer(block, 5, 6));
  }

  private static Conv2d.Builder convolution() {
    return Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(8);
  }

  private void convolutions() {
    picture("convolution", convolution().build());
    picture(
        "convolution with everything",
        convolution()
            .optStride(new Shape(2, 1))
            .optPadding(new Shape(1, 0))
            .optDilation(new Shape(1, 2))
            .optBias(false)
            .build());
    picture("depthwise convolution", convolution().optGroups(4).build());
    series(
        "convolution along a line",
        Conv1d.builder().setKernelShape(new Shape(3)).setFilters(7).build());
    cases.put(
        "convolution in space",
        new Layer(
            Conv3d.builder().setKernelShape(new Shape(2, 2, 2)).setFilters(3).build(), 2, 4, 5, 6));
  }

  private void poolings() {
    Shape two = new Shape(2, 2);
    Shape three = new Shape(3, 3);
    Shape one = new Shape(1, 1);
    picture("maximum", Pool.maxPool2dBlock(three, two, one));
    picture("maximum, last windows cut", Pool.maxPool2dBlock(two, two, new Shape(0, 0), true));
    picture("average", Pool.avgPool2dBlock(three, two, one));
    picture("average without padding", Pool.avgPool2dBlock(three, two, one, false, false));
    picture("average, last windows cut", Pool.avgPool2dBlock(two, two, new Shape(0, 0), true));
    picture("global average", Pool.globalAvgPool2dBlock());
    picture("global maximum", Pool.globalMaxPool2dBlock());
    picture("root of squares", Pool.lpPool2dBlock(2, two, two, new Shape(0, 0)));
    picture("global root of squares", Pool.globalLpPool2dBlock(2));
    series("maximum along a line", Pool.maxPool1dBlock(new Shape(2), new Shape(1)));
    series("global average along a line", Pool.globalAvgPool1dBlock());
  }

  private void norms() {
    picture("batch normalisation", BatchNorm.builder().build());
    picture(
        "batch normalisation without parameters",
        BatchNorm.builder().optScale(false).optCenter(false).build());
    picture("batch normalisation of the last axis", BatchNorm.builder().optAxis(3).build());
    picture("ghost batch normalisation", GhostBatchNorm.builder().build());
    series("layer normalisation", LayerNorm.builder().build());
    series("layer normalisation of one axis", LayerNorm.builder().axis(2).build());
    series("dropout", Dropout.builder().optRate(0.5f).build());
  }

  private void combinations() {
    series("linear", Linear.builder().setUnits(3).build());
    series("linear without bias", Linear.builder().setUnits(3).optBias(false).build());
    cases.put("linear of rows", new Layer(Linear.builder().setUnits(3).build(), 7));
    series("multiplication", Multiplication.builder().setUnits(3).build());
    series(
        "one after the other",
        new SequentialBlock()
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(8).build())
            .add(Activation.geluBlock())
            .add(LambdaBlock.singleton(x -> x.normalize(2, 1))));
    series(
        "side by side",
        new ParallelBlock(
            lists -> new NDList(lists.get(0).head().concat(lists.get(1).head(), 1)),
            List.of(Activation.swishBlock(1), Activation.mishBlock(), Blocks.identityBlock())));
  }

  private void recurrences() {
    series("gru", GRU.builder().setStateSize(4).setNumLayers(1).build());
    series("gru of two layers", GRU.builder().setStateSize(4).setNumLayers(2).build());
    series(
        "gru without bias",
        GRU.builder().setStateSize(4).setNumLayers(1).optHasBiases(false).build());
    series("lstm", LSTM.builder().setStateSize(4).setNumLayers(1).build());
    series("lstm of two layers", LSTM.builder().setStateSize(4).setNumLayers(2).build());
    series("rnn", rnn(RNN.Activation.RELU));
    series("rnn of hyperbolic tangents", rnn(RNN.Activation.TANH));
  }

  private static Block rnn(RNN.Activation activation) {
    return RNN.builder().setStateSize(4).setNumLayers(1).setActivation(activation).build();
  }

  private void attention() {
    series(
        "attention",
        ScaledDotProductAttentionBlock.builder().setEmbeddingSize(6).setHeadCount(2).build());
    series("transformer", new TransformerEncoderBlock(6, 2, 12, 0.1f, Activation::gelu));
  }
}
