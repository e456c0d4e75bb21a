/// The modality of pictures, and data that have pictures in them.
@org.jspecify.annotations.NullMarked
module mmct.vision {
  requires transitive mmct.api;
  requires com.fasterxml.jackson.core;
  requires com.twelvemonkeys.imageio.tiff;
  requires com.twelvemonkeys.imageio.webp;
  requires java.desktop;

  exports mmct.vision;

  provides mmct.api.spi.ModalityProvider with
      mmct.vision.ImageProvider;
  provides mmct.api.spi.DatasetProvider with
      mmct.vision.CocoProvider,
      mmct.vision.FolderProvider,
      mmct.vision.ScenesProvider;
  provides mmct.api.spi.ExporterProvider with
      mmct.vision.Detectron2Provider;
}
