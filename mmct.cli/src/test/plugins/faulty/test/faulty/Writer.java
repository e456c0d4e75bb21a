package test.faulty;

import java.nio.file.Path;
import java.util.List;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.api.spi.TrainedEncoder;

/// Writes nothing.
public final class Writer implements ExporterProvider<Options> {
  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public Class<Options> options() {
    return Options.class;
  }

  @Override
  public String description() {
    return "Writes nothing.";
  }

  @Override
  public Exporter create(Options options, Catalogue catalogue) {
    return new Exporter() {
      @Override
      public List<Path> export(TrainedEncoder encoder, Path folder) {
        Fault.at("export", options.fault());
        return List.of(folder);
      }
    };
  }
}
