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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.HostTensor;
import mmct.eval.onnx.trace.Aside;
import mmct.eval.runtime.OnnxRuntime;

/// Compares a written file in ONNX Runtime with the block.
final class RuntimeCheck implements AutoCloseable {
  private final Subject subject;
  private final OrtSession session;
  private final InputSizes sizes;
  private final List<Difference.Scale> scales;
  private long finite;

  /// What a file was made of.
  ///
  /// @param origins the call that each node was made for
  /// @param ordersAnyhow whether the block leaves the order of equal elements open
  record Subject(
      OnnxRequest request,
      PlainPass plain,
      SampleInputs samples,
      Precision precision,
      Map<String, String> origins,
      boolean ordersAnyhow) {}

  RuntimeCheck(Path file, Subject subject) {
    this.subject = subject;
    sizes = new InputSizes(subject.request().lengths(), subject.samples().groups());
    scales = Stream.generate(Difference.Scale::new).limit(outputNames().size()).toList();
    // Before any other class of ONNX Runtime, each of which would load its native library.
    OrtEnvironment environment = OnnxRuntime.environment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw refused("load", e);
    }
  }

  private List<String> outputNames() {
    return subject.request().outputNames();
  }

  /// ONNX Runtime names the node, which the user does not know; the call that it was made for has a
  /// line.
  private MmctException refused(String step, OrtException e) {
    String said = String.valueOf(e.getMessage());
    Optional<String> call =
        subject.origins().entrySet().stream()
            .filter(node -> said.contains("'" + node.getKey() + "'"))
            .findFirst()
            .map(Map.Entry::getValue);
    String cannot =
        e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED
            ? "has no form of it for numbers of this type"
            : "cannot %s what it becomes".formatted(step);
    return new MmctException(
        call.map("%s cannot be exported to ONNX"::formatted)
                .orElse("the block cannot be exported to ONNX")
            + ": ONNX Runtime "
            + cannot
            + Aside.of(e),
        e);
  }

  /// Compares at the sizes that have to be, with inputs of other kinds, and at further sizes as
  /// long as there is time.
  ///
  /// @param further how long that is
  /// @throws MmctException where the outputs are too far apart, or nothing is left to compare
  List<ExportReport.CheckedSize> compareAll(Duration further) {
    SampleInputs samples = subject.samples();
    List<ExportReport.CheckedSize> checked = new ArrayList<>();
    for (InputSize size : sizes.checkedFirst()) {
      List<HostTensor> inputs = samples.of(size);
      checked.add(compare(size, inputs, subject.plain().outputs(inputs)));
    }
    InputSize few = sizes.turned();
    for (List<HostTensor> turned : samples.turned(samples.of(few), !subject.ordersAnyhow())) {
      subject.plain().outputsIfAny(turned).ifPresent(o -> compare(turned, o, sizes.isSingle(few)));
    }
    TimeBudget budget = new TimeBudget(further);
    for (InputSize size : sizes.further()) {
      if (!sizes.checkedFirst().contains(size) && budget.begin(size.work())) {
        List<HostTensor> inputs = samples.of(size);
        // The block comes first: what it refuses may end the process in ONNX Runtime.
        subject
            .plain()
            .outputsIfAny(inputs)
            .ifPresent(outputs -> checked.add(compare(size, inputs, outputs)));
        budget.done(size.work());
      }
    }
    if (finite == 0) {
      throw new MmctException(
          "the block gives no finite number for any of the example inputs, so that its file cannot"
              + " be checked; give examples of the kind that it was made for");
    }
    return checked;
  }

  private ExportReport.CheckedSize compare(
      InputSize size, List<HostTensor> inputs, List<Output> expected) {
    return new ExportReport.CheckedSize(
        size.rows(), size.lengths(), compare(inputs, expected, sizes.isSingle(size)));
  }

  /// @return the largest difference
  private double compare(List<HostTensor> inputs, List<Output> expected, boolean single) {
    List<Output> found = run(inputs);
    double largest = 0;
    for (int i = 0; i < expected.size(); i++) {
      int output = i;
      finite += expected.get(i).finite();
      Difference difference =
          Difference.of(
              found.get(i),
              expected.get(i),
              single,
              scales.get(i),
              subject.precision().tolerance(),
              () ->
                  subject.plain().moved(inputs, subject.precision().rounding()).stream()
                      .map(outputs -> outputs.get(output))
                      .toList());
      if (!difference.isWithin(subject.precision().tolerance())) {
        throw disagreement(i, difference, found.get(i), expected.get(i), inputs);
      }
      largest = Math.max(largest, difference.overall());
    }
    return largest;
  }

  private MmctException disagreement(
      int output, Difference difference, Output found, Output expected, List<HostTensor> inputs) {
    String how =
        found.hasShapeOf(expected, true)
            ? Double.isInfinite(difference.worst())
                ? "which numbers of %s are finite".formatted(outputNames().get(output))
                : "%s by %.2g of its magnitude, where %.0e is allowed,"
                    .formatted(
                        outputNames().get(output),
                        difference.worst(),
                        subject.precision().tolerance())
            : "the shape of %s, %s and not %s,"
                .formatted(outputNames().get(output), found.shapeText(), expected.shapeText());
    return new MmctException(
        "the exported file disagrees with the block in %s on inputs of the shapes %s; it is not kept"
            .formatted(how, inputs.stream().map(HostTensor::shape).toList()));
  }

  private List<Output> run(List<HostTensor> inputs) {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        fed.put(subject.request().inputNames().get(i), tensor(inputs.get(i)));
      }
      fed.keySet().retainAll(session.getInputNames());
      try (OrtSession.Result result = session.run(fed)) {
        return IntStream.range(0, outputNames().size())
            .mapToObj(i -> output((OnnxTensor) result.get(i)))
            .toList();
      }
    } catch (OrtException e) {
      throw refused("run", e);
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  private static Output output(OnnxTensor tensor) {
    FloatBuffer content = tensor.getFloatBuffer();
    float[] values = new float[content.remaining()];
    content.get(values);
    return new Output(values, tensor.getInfo().getShape());
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
      throw refused("close", e);
    }
  }
}
