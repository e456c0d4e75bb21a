package mmct.vision;

import java.nio.file.Path;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.DataSource;
import mmct.api.spi.DatasetProvider;
import mmct.vision.folder.PictureFolder;
import mmct.vision.source.Wanted;

/// Provides folders of pictures as `SPLIT/CLASS/FILE`, `CLASS/FILE`, `SPLIT/FILE` or `FILE`, and
/// one picture alone. The class is the sample's label, and also the content of a modality whose
/// columns name `label` or `class`.
public final class FolderProvider implements DatasetProvider<FolderOptions> {
  /// For the service loader.
  public FolderProvider() {}

  @Override
  public String name() {
    return "image-folder";
  }

  @Override
  public Class<FolderOptions> options() {
    return FolderOptions.class;
  }

  @Override
  public String description() {
    return "A folder of pictures as SPLIT/CLASS/FILE, CLASS/FILE, SPLIT/FILE or FILE, or one picture.";
  }

  @Override
  public boolean recognises(Path location) {
    return PictureFolder.isOne(location, standard().endings());
  }

  @Override
  public DataSource open(FolderOptions options, Request request) {
    Path root =
        request
            .location()
            .orElseThrow(() -> new MmctException("the dataset image-folder needs a path"));
    return PictureFolder.open(root, options, Wanted.of(request.modalities()));
  }

  private static FolderOptions standard() {
    return Settings.empty().bind(FolderOptions.class);
  }
}
