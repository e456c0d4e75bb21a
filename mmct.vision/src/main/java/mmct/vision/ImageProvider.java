package mmct.vision;

import java.util.List;
import mmct.api.data.Columns;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;

/// Provides the modality `image`.
public final class ImageProvider implements ModalityProvider<ImageOptions> {
  /// For the service loader.
  public ImageProvider() {}

  @Override
  public String name() {
    return "image";
  }

  @Override
  public Class<ImageOptions> options() {
    return ImageOptions.class;
  }

  @Override
  public String description() {
    return "Pictures: JPEG, PNG and others, MoCo-v2's views, residual networks.";
  }

  @Override
  public Columns columns() {
    return new Columns(List.of("image", "path"), Columns.Kind.FILE);
  }

  @Override
  public Modality create(ImageOptions options, ModalityContext context) {
    return new ImageModality(
        context.name(), options, new DecoderChoice(options.decoder(), context).resolve());
  }
}
