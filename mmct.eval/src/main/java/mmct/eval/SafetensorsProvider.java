package mmct.eval;

import mmct.api.spi.Catalogue;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.eval.weights.SafetensorsExporter;

/// Provides the format `safetensors`: an encoder's weights by name, for programs that have the
/// network already.
public final class SafetensorsProvider implements ExporterProvider<SafetensorsOptions> {
  /// For the service loader.
  public SafetensorsProvider() {}

  @Override
  public String name() {
    return "safetensors";
  }

  @Override
  public Class<SafetensorsOptions> options() {
    return SafetensorsOptions.class;
  }

  @Override
  public String description() {
    return "Weights by name, as torchvision and Hugging Face call them, to load in Python.";
  }

  @Override
  public Exporter create(SafetensorsOptions options, Catalogue catalogue) {
    return new SafetensorsExporter();
  }
}
