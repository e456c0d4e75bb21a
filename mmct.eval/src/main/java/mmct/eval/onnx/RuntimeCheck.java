package mmct.eval.onnx;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.eval.runtime.OnnxRuntime;

/// Compares a written file in ONNX Runtime with the block.
final class RuntimeCheck implements AutoCloseable {
  private static final int LENGTH = 7;
  private static final List<Integer> ROWS = List.of(1, 2, 5);

  private final OnnxRequest request;
  private final PlainPass plain;
  private final OrtSession session;

  /// A size to compare at.
  record InputSize(int rows, int length) {}

  RuntimeCheck(Path file, OnnxRequest request, PlainPass plain) {
    this.request = request;
    this.plain = plain;
    // Before any other class of ONNX Runtime, each of which would load its native library.
    OrtEnvironment environment = OnnxRuntime.environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw refused(e);
    }
  }

  private static MmctException refused(OrtException e) {
    return new MmctException(
        "ONNX Runtime refuses the exported file, so it is not kept: "
            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e);
  }

  /// The sizes at which a file is compared: 1, 2 and 5 rows of the least length and of 7, and 2
  /// rows of the greatest.
  static Set<InputSize> sizes(Optional<Lengths> lengths) {
    Set<InputSize> sizes = new LinkedHashSet<>();
    for (int rows : ROWS) {
      sizes.add(new InputSize(rows, lengths.map(r -> r.nearest(LENGTH)).orElse(1)));
      sizes.add(new InputSize(rows, lengths.map(Lengths::least).orElse(1)));
    }
    lengths.ifPresent(range -> sizes.add(new InputSize(2, range.most())));
    return sizes;
  }

  /// Compares at one size.
  ///
  /// @throws MmctException where the outputs are too far apart
  ExportReport.CheckedSize compare(InputSize size) {
    List<HostTensor> inputs = plain.examples(size.rows(), size.length());
    double difference = Difference.relative(run(inputs), plain.output(inputs));
    if (!(difference <= request.weights().tolerance())) {
      throw new MmctException(
          "the exported file disagrees with the block by %.2g of the output's magnitude on inputs"
                  .formatted(difference)
              + " of the shapes %s, where %.0e is allowed; it is not kept"
                  .formatted(
                      inputs.stream().map(HostTensor::shape).toList(),
                      request.weights().tolerance()));
    }
    return new ExportReport.CheckedSize(size.rows(), size.length(), difference);
  }

  private float[] run(List<HostTensor> inputs) {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        fed.put(request.inputNames().get(i), tensor(inputs.get(i)));
      }
      fed.keySet().retainAll(session.getInputNames());
      try (OrtSession.Result result = session.run(fed)) {
        FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[output.remaining()];
        output.get(values);
        return values;
      }
    } catch (OrtException e) {
      throw refused(e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(HostTensor host) throws OrtException {
    return OnnxTensor.createTensor(
        OnnxRuntime.environment(),
        host.data().duplicate().order(ByteOrder.nativeOrder()),
        host.shape().getShape(),
        type(host.type()));
  }

  private static OnnxJavaType type(DataType type) {
    return switch (type) {
      case FLOAT32 -> OnnxJavaType.FLOAT;
      case FLOAT64 -> OnnxJavaType.DOUBLE;
      case INT64 -> OnnxJavaType.INT64;
      case INT32 -> OnnxJavaType.INT32;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOLEAN -> OnnxJavaType.BOOL;
      default -> throw new MmctException("an input of a block cannot be of type " + type);
    };
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw refused(e);
    }
  }
}
