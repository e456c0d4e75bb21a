package mmct.eval;

import mmct.api.spi.Catalogue;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.eval.encode.OnnxEncoderExporter;
import mmct.eval.onnx.OnnxExporter;
import mmct.eval.onnx.spi.OperatorConverters;

/// Provides the exporter `onnx`: one file for each encoder, which says itself how it is fed.
public final class OnnxProvider implements ExporterProvider<OnnxOptions> {
  /// Creates the provider; called by the service loader.
  public OnnxProvider() {}

  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public Class<OnnxOptions> options() {
    return OnnxOptions.class;
  }

  @Override
  public String description() {
    return "An ONNX file for each encoder, with all that is needed to feed it.";
  }

  @Override
  public Exporter create(OnnxOptions options, Catalogue catalogue) {
    return new OnnxEncoderExporter(
        options.weights(),
        options.opset(),
        new OnnxExporter(catalogue.services(OperatorConverters.class)));
  }
}
