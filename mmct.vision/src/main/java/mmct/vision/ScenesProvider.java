package mmct.vision;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.spi.DatasetProvider;
import mmct.vision.scenes.SceneDataset;
import mmct.vision.source.Fingerprint;
import mmct.vision.source.SplitSource;
import mmct.vision.source.Wanted;

/// Provides the built-in dataset `scenes`: drawn pictures of coloured shapes with captions and
/// tags, made from a seed on every machine alike.
public final class ScenesProvider implements DatasetProvider<ScenesOptions> {
  /// Changes whenever the same options would give other samples.
  private static final String EDITION = "scenes 1";

  /// For the service loader.
  public ScenesProvider() {}

  @Override
  public String name() {
    return "scenes";
  }

  @Override
  public Class<ScenesOptions> options() {
    return ScenesOptions.class;
  }

  @Override
  public String description() {
    return "Built-in: drawn scenes of coloured shapes with five captions and tags each.";
  }

  @Override
  public boolean recognises(Path location) {
    return false; // drawn, not read
  }

  @Override
  public DataSource open(ScenesOptions options, Request request) {
    request
        .location()
        .ifPresent(
            path -> {
              throw new MmctException(
                  "the dataset scenes is drawn, not read, so data.path must not be set but was "
                      + path);
            });
    Wanted wanted = Wanted.of(request.modalities());
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("train", options.train());
    sizes.put("val", options.val());
    sizes.put("test", options.test());
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    sizes.forEach(
        (split, size) -> {
          if (size > 0) {
            datasets.put(split, new SceneDataset(split, size, options, wanted));
          }
        });
    String name =
        "scenes of %1$d × %1$d pixels, seed %2$d".formatted(options.size(), options.seed());
    String fingerprint = new Fingerprint().add(EDITION).add(options.toString()).hex();
    return new SplitSource(name, datasets, fingerprint);
  }
}
