package mmct.vision.scenes;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.vision.ScenesOptions;
import mmct.vision.source.Wanted;

/// One split of the built-in dataset. A scene depends on the seed, the split and the index alone,
/// so that a larger split begins with the scenes of a smaller one.
public final class SceneDataset implements Dataset {
  private final String split;
  private final int count;
  private final ScenesOptions options;
  private final Wanted wanted;

  /// A split of scenes.
  public SceneDataset(String split, int count, ScenesOptions options, Wanted wanted) {
    this.split = split;
    this.count = count;
    this.options = options;
    this.wanted = wanted;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public String id(int index) {
    return split + "-" + index;
  }

  @Override
  public Sample get(int index) {
    java.util.Objects.checkIndex(index, count);
    Scene scene = Scene.draw(random(index, 0));
    Random absence = random(index, 1);
    boolean captionsMissing = absence.nextDouble() < options.missing();
    boolean tagsMissing = absence.nextDouble() < options.missing();
    Map<String, Cell> cells = new LinkedHashMap<>();
    if (!wanted.pictures().isEmpty()) {
      Cell picture = new SceneRenderer(options.size(), random(index, 2)).render(scene);
      wanted.pictures().forEach(modality -> cells.put(modality, picture));
    }
    if (!captionsMissing && !wanted.captions().isEmpty()) {
      Cell captions = new Cell.Strings(new CaptionWriter(random(index, 3)).captions(scene));
      wanted.captions().forEach(modality -> cells.put(modality, captions));
    }
    if (!tagsMissing) {
      wanted.tags().forEach(modality -> cells.put(modality, new Cell.Strings(scene.tags())));
    }
    return new Sample(id(index), cells);
  }

  /// An independent stream for each part of a scene, so that its captions do not depend on how many
  /// random numbers its picture took. [Random] is the generator whose numbers the platform
  /// guarantees to be the same everywhere.
  private Random random(int index, int part) {
    long seed = scrambled(options.seed());
    seed = scrambled(seed ^ split.hashCode());
    seed = scrambled(seed ^ index);
    return new Random(scrambled(seed ^ part));
  }

  /// The finisher of MurmurHash3: every bit of the input moves every bit of the output.
  private static long scrambled(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
