package mmct.text.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;

/// One forward pass: where parameters come from, and whether dropout is active.
record Pass(ParameterStore parameters, boolean training) {
  /// The value of a parameter on the device of an array.
  NDArray value(Parameter parameter, NDArray like) {
    return parameters.getValue(parameter, like.getDevice(), training);
  }

  /// The rate at which this pass drops elements: the configured one in training, none elsewhere.
  double dropoutRate(double configured) {
    return training ? configured : 0;
  }

  /// The array with elements dropped at a rate; as it is outside of training.
  NDArray dropout(NDArray array, double rate) {
    if (dropoutRate(rate) == 0) {
      return array;
    }
    return Dropout.dropout(array, (float) rate, true).singletonOrThrow();
  }
}
