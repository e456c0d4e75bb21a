package mmct.eval.onnx;

import java.nio.file.Path;

/// Writes a block of Deep Java Library as an ONNX file.
public final class OnnxExporter {
  /// An exporter with the operators of the toolkit and those that service providers add.
  public OnnxExporter() {}

  /// Traces the block, checks the traced pass against the plain pass, writes beside the target,
  /// compares the written file with the block in ONNX Runtime, and moves it to the target.
  ///
  /// @throws mmct.api.MmctException where the block does something that cannot be exported, or a
  ///     check fails; the target is then as it was
  public ExportReport export(OnnxRequest request, Path file) {
    throw new UnsupportedOperationException(request + " to " + file);
  }
}
