package mmct.eval.encode;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mmct.api.spi.Exporter;
import mmct.api.spi.Feeding;
import mmct.api.spi.TrainedEncoder;
import mmct.eval.onnx.Lengths;
import mmct.eval.onnx.OnnxExporter;
import mmct.eval.onnx.OnnxRequest;
import mmct.eval.onnx.WeightType;

/// Writes trained encoders as ONNX files, `NAME.onnx`, that say how they are fed.
///
/// @param weights how weights are stored
/// @param opset the version of ONNX's operators, 17 to 20
/// @param exporter writes blocks
public record OnnxEncoderExporter(WeightType weights, int opset, OnnxExporter exporter)
    implements Exporter {
  /// The name of the output of every file.
  static final String OUTPUT = "features";

  /// Examples are random; those of one encoder are the same every time.
  private static final long SEED = 1;

  /// An exporter of the newest operator set, with the converters that are on the program's own
  /// module path or class path.
  public OnnxEncoderExporter(WeightType weights) {
    this(weights, OnnxRequest.MOST_OPSET, new OnnxExporter());
  }

  @Override
  public List<Path> export(TrainedEncoder encoder, Path folder) {
    Feeding feeding = encoder.reader().feeding();
    Path file = encoder.file(folder, ".onnx");
    OnnxRequest request =
        new OnnxRequest(
            encoder.block(),
            feeding.inputs(),
            List.of(OUTPUT),
            (rows, length) -> encoder.reader().examples(rows, length, SEED),
            lengths(feeding),
            Metadata.of(encoder, feeding),
            weights,
            opset);
    return List.of(exporter.export(request, file).file());
  }

  private static Optional<Lengths> lengths(Feeding feeding) {
    return feeding.lengths().map(range -> new Lengths(range.least(), range.most(), "length"));
  }
}
