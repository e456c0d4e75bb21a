package mmct.vision;

import java.nio.file.Path;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.spi.DatasetProvider;
import mmct.vision.coco.CocoFolder;
import mmct.vision.coco.CocoSource;
import mmct.vision.source.Wanted;

/// Provides datasets in COCO's layout (Lin et al., "Microsoft COCO: Common Objects in Context",
/// 2014): pictures, `annotations/captions_SPLIT.json` with their captions and
/// `annotations/instances_SPLIT.json` with their objects, whose names become tags. Either file may
/// be absent.
public final class CocoProvider implements DatasetProvider<CocoOptions> {
  /// For the service loader.
  public CocoProvider() {}

  @Override
  public String name() {
    return "coco";
  }

  @Override
  public Class<CocoOptions> options() {
    return CocoOptions.class;
  }

  @Override
  public String description() {
    return "A folder in COCO's layout: pictures, captions and objects, whose names become tags.";
  }

  @Override
  public boolean recognises(Path location) {
    return CocoFolder.isOne(location);
  }

  @Override
  public DataSource open(CocoOptions options, Request request) {
    Path root =
        request.location().orElseThrow(() -> new MmctException("the dataset coco needs a path"));
    return new CocoSource(
        CocoFolder.of(root, options.images()), Wanted.of(request.modalities()), options.missing());
  }
}
