package org.example.signal;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/// Three convolutions along the series, each halving its length, and the mean over what is left.
/// Reads `[n, 1, length]`, returns features `[n, width]`.
final class SignalEncoder extends SequentialBlock {
  SignalEncoder(int width) {
    for (int filters : new int[] {width / 4, width / 2, width}) {
      add(convolution(filters));
      add(BatchNorm.builder().build());
      add(Activation.reluBlock());
    }
    add(Pool.globalAvgPool1dBlock());
  }

  private static Block convolution(int filters) {
    return Conv1d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(7))
        .optStride(new Shape(2))
        .optPadding(new Shape(3))
        .optBias(false)
        .build();
  }
}
