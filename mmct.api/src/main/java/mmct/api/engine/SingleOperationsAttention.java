package mmct.api.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.Dropout;

/// Attention by the operations that Deep Java Library offers.
record SingleOperationsAttention() implements Attention {
  @Override
  public NDArray of(
      NDArray queries, NDArray keys, NDArray values, NDArray penalty, double dropout) {
    // Scaling the queries costs less than scaling the scores, one for each pair of tokens. As an
    // array, for the record of the gradient outlives a number from Java.
    float factor = (float) (1 / Math.sqrt((double) queries.getShape().get(3)));
    NDArray scale = queries.getManager().full(new Shape(), factor);
    NDArray asking = queries.mul(scale).transpose(0, 2, 1, 3); // [n, h, a, d]
    NDArray scores = asking.matMul(keys.transpose(0, 2, 3, 1)).add(penalty); // [n, h, a, l]
    NDArray shares = scores.softmax(-1);
    if (dropout > 0) {
      shares = Dropout.dropout(shares, (float) dropout, true).singletonOrThrow();
    }
    return shares.matMul(values.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3);
  }
}
