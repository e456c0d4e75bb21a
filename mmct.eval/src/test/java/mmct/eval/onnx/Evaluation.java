package mmct.eval.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mmct.api.data.HostTensor;
import mmct.api.engine.Torch;

/// What a block gives, and what a file gives, for inputs of a test's choice: independent of the
/// exporter's own check.
final class Evaluation implements AutoCloseable {
  private final OrtSession session;

  /// An output.
  record Result(float[] values, List<Long> shape) {}

  Evaluation(Path file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
    }
  }

  /// Floats of a shape.
  static HostTensor floats(float[] values, long... shape) {
    int[] row = new int[shape.length - 1];
    for (int i = 0; i < row.length; i++) {
      row[i] = (int) shape[i + 1];
    }
    HostTensor tensor = HostTensor.allocate(DataType.FLOAT32, (int) shape[0], row);
    for (float value : values) {
      tensor.data().putFloat(value);
    }
    tensor.data().rewind();
    return tensor;
  }

  /// What a block gives; each input is a copy.
  static List<Result> block(Block block, List<HostTensor> inputs) {
    try (NDManager manager = NDManager.newBaseManager();
        var _ = Torch.withoutGradient()) {
      NDList arrays = new NDList();
      inputs.forEach(input -> arrays.add(array(input, manager)));
      List<Result> results = new ArrayList<>();
      for (NDArray output : block.forward(new ParameterStore(manager, false), arrays, false)) {
        results.add(new Result(output.toFloatArray(), longs(output.getShape().getShape())));
      }
      return results;
    }
  }

  private static NDArray array(HostTensor input, NDManager manager) {
    return input.shape().size() == 0
        ? manager.zeros(input.shape(), input.type())
        : input.toArray(manager).duplicate();
  }

  private static List<Long> longs(long[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  /// What the file gives.
  List<Result> file(List<String> names, List<HostTensor> inputs) throws OrtException {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        fed.put(names.get(i), tensor(inputs.get(i)));
      }
      fed.keySet().retainAll(session.getInputNames());
      List<Result> results = new ArrayList<>();
      try (OrtSession.Result result = session.run(fed)) {
        for (var entry : result) {
          OnnxTensor tensor = (OnnxTensor) entry.getValue();
          FloatBuffer content = tensor.getFloatBuffer();
          float[] values = new float[content.remaining()];
          content.get(values);
          results.add(new Result(values, longs(tensor.getInfo().getShape())));
        }
      }
      return results;
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  /// The declared axes of an input, −1 where they are free, with their names.
  String declared(String input) throws OrtException {
    return session.getInputInfo().get(input).getInfo().toString();
  }

  private static OnnxTensor tensor(HostTensor host) throws OrtException {
    OnnxJavaType type =
        switch (host.type()) {
          case INT64 -> OnnxJavaType.INT64;
          case INT32 -> OnnxJavaType.INT32;
          default -> OnnxJavaType.FLOAT;
        };
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(),
        host.data().duplicate().order(ByteOrder.nativeOrder()),
        host.shape().getShape(),
        type);
  }

  /// A tensor of no rows.
  static HostTensor noRows(HostTensor one) {
    long[] shape = one.shape().getShape().clone();
    shape[0] = 0;
    return new HostTensor(
        java.nio.ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()),
        one.type(),
        new Shape(shape));
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
