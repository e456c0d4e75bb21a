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
public record OnnxEncoderExporter(WeightType weights) implements Exporter {
  /// The name of the output of every file.
  static final String OUTPUT = "features";

  /// Examples are random; those of one encoder are the same every time.
  private static final long SEED = 1;

  @Override
  public List<Path> export(TrainedEncoder encoder, Path folder) {
    Feeding feeding = encoder.reader().feeding();
    Path file = folder.resolve(encoder.name().replaceAll("[^\\p{L}\\p{N}_.-]", "_") + ".onnx");
    OnnxRequest request =
        new OnnxRequest(
            encoder.block(),
            feeding.inputs(),
            OUTPUT,
            (rows, length) -> encoder.reader().examples(rows, length, SEED),
            lengths(feeding),
            Metadata.of(encoder, feeding),
            weights);
    return List.of(new OnnxExporter().export(request, file).file());
  }

  private static Optional<Lengths> lengths(Feeding feeding) {
    return feeding.lengths().map(range -> new Lengths(range.least(), range.most(), "length"));
  }
}
