package mmct.eval.onnx;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import mmct.eval.onnx.convert.Conversion;
import mmct.eval.onnx.convert.ToolkitOperators;
import mmct.eval.onnx.spi.OperatorConverter;
import mmct.eval.onnx.spi.OperatorConverters;
import mmct.eval.onnx.trace.MergedTraces;

/// Writes a block of Deep Java Library as an ONNX file (operator sets 17 to 20).
///
/// The block's forward pass runs on arrays that write down what is done with them; each operation
/// becomes a few nodes by a table of converters. See `docs/onnx.md`.
public final class OnnxExporter {
  /// A file of this format cannot be larger: it is one message of Protocol Buffers, whose lengths
  /// are 32-bit. The names and shapes beside the weights are given room.
  private static final long LARGEST_FILE = Integer.MAX_VALUE - (1L << 24);

  private final Map<String, OperatorConverter> converters;
  /// For how long a file is compared at further sizes than those that have to be; half as long the
  /// block is traced at them.
  private static final Duration FURTHER = Duration.ofSeconds(3);

  private final long largestFile;
  private final Duration further;

  /// An exporter with the operators of the toolkit and those that service providers add.
  public OnnxExporter() {
    this(
        ServiceLoader.load(OperatorConverters.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /// An exporter with the operators of the toolkit and others, which come first.
  public OnnxExporter(Collection<? extends OperatorConverters> others) {
    this(others, LARGEST_FILE, FURTHER);
  }

  /// An exporter.
  ///
  /// @param largestFile beyond how many bytes weights go to a file beside
  /// @param further for how long a file is compared at further sizes
  OnnxExporter(
      Collection<? extends OperatorConverters> others, long largestFile, Duration further) {
    converters = ToolkitOperators.with(others);
    this.largestFile = largestFile;
    this.further = further;
  }

  /// An exporter that tries the sizes that have to be, and hardly others.
  static OnnxExporter hasty() {
    return new OnnxExporter(List.of(), LARGEST_FILE, Duration.ZERO);
  }

  /// Traces the block, checks the traced pass against the plain pass, writes beside the target,
  /// compares the written file with the block in ONNX Runtime, and moves it to the target.
  ///
  /// Where the weights do not fit into one file they are written to a second one beside it, whose
  /// name begins with the target's.
  ///
  /// @throws mmct.api.MmctException where the block does something that cannot be exported, or a
  ///     check fails; the target is then as it was
  public ExportReport export(OnnxRequest request, Path file) {
    PlainPass plain = new PlainPass(request);
    SampleInputs samples = new SampleInputs(request, plain);
    try (BlockTraces traces = new BlockTraces(request, plain, samples)) {
      MergedTraces merged = traces.merged(further.dividedBy(2));
      Conversion.Converted graph =
          Conversion.convert(
              merged,
              converters,
              new Conversion.Target(
                  request.inputNames(),
                  request.outputNames(),
                  stored(request.weights()),
                  request.opset()));
      AxisNames names =
          new AxisNames(
              traces.rows(), request.lengths().map(Lengths::axisName), graph.inputs(), samples);
      Precision precision = Precision.of(request.weights(), merged.computesInHalf());
      RuntimeCheck.Subject subject =
          new RuntimeCheck.Subject(
              request, plain, samples, precision, graph.origins(), merged.leavesOrderOpen());
      return write(file, new ModelLayout(request, graph, names), subject);
    }
  }

  private static DataType stored(WeightType weights) {
    return switch (weights) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT16 -> DataType.FLOAT16;
    };
  }

  private ExportReport write(Path file, ModelLayout layout, RuntimeCheck.Subject subject) {
    try (StagedModel staged = new StagedModel(file, layout, largestFile)) {
      List<ExportReport.CheckedSize> checked;
      try (RuntimeCheck check = new RuntimeCheck(staged.file(), subject)) {
        checked = check.compareAll(further);
      }
      double largest =
          checked.stream().mapToDouble(ExportReport.CheckedSize::difference).max().orElse(0);
      long bytes = staged.moveInPlace();
      return new ExportReport(file, bytes, layout.graph().nodes().size(), largest, checked);
    }
  }
}
