package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/// Operations by what they are called: each reads floats a and b `[n, 4, 6]`, and whole numbers i
/// `[n, 4]` from 0 to 5.
abstract sealed class Cases permits OperatorCases, ArrayCases {
  final Map<String, Function<NDList, NDArray>> cases = new LinkedHashMap<>();

  final void one(String name, Function<NDArray, NDArray> body) {
    cases.put(name, in -> body.apply(in.get(0)));
  }

  final void two(String name, BiFunction<NDArray, NDArray, NDArray> body) {
    cases.put(name, in -> body.apply(in.get(0), in.get(1)));
  }

  final void ids(String name, BiFunction<NDArray, NDArray, NDArray> body) {
    cases.put(name, in -> body.apply(in.get(0), in.get(2)));
  }

  static NDArrayEx ex(NDArray array) {
    return array.getNDArrayInternal();
  }
}
