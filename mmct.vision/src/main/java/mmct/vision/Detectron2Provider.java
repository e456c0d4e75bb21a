package mmct.vision;

import mmct.api.spi.Catalogue;
import mmct.api.spi.Exporter;
import mmct.api.spi.ExporterProvider;
import mmct.vision.detectron2.Detectron2Exporter;

/// Provides the format `detectron2`: a ResNet-50 as Detectron2's object detectors start from it,
/// with configuration files of two training recipes.
public final class Detectron2Provider implements ExporterProvider<Detectron2Options> {
  /// For the service loader.
  public Detectron2Provider() {}

  @Override
  public String name() {
    return "detectron2";
  }

  @Override
  public Class<Detectron2Options> options() {
    return Detectron2Options.class;
  }

  @Override
  public String description() {
    return "A ResNet-50 backbone for Detectron2, with recipes for VOC and COCO.";
  }

  @Override
  public Exporter create(Detectron2Options options, Catalogue catalogue) {
    return new Detectron2Exporter();
  }
}
