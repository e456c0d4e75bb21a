package mmct.vision.coco;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.vision.source.Fingerprint;
import mmct.vision.source.Wanted;
import org.jspecify.annotations.Nullable;

/// A dataset in COCO's layout. A split is read when it is first asked for: whoever evaluates on
/// `val` does not wait for `train`.
public final class CocoSource implements DataSource {
  private final CocoFolder folder;
  private final Wanted wanted;
  private final List<String> missing;
  private final Map<String, Dataset> read = new HashMap<>();
  private final Map<String, String> passedOver = new HashMap<>();
  private @Nullable String fingerprint;

  /// A source over a folder.
  ///
  /// @param missing captions that stand for none, besides white space
  public CocoSource(CocoFolder folder, Wanted wanted, List<String> missing) {
    this.missing = List.copyOf(missing);
    this.folder = folder;
    this.wanted = wanted;
  }

  @Override
  public List<String> splits() {
    return List.copyOf(folder.splits().keySet());
  }

  @Override
  public synchronized Dataset split(String name) {
    String split = folder.split(name).orElseThrow(() -> unknown(name));
    return read.computeIfAbsent(split, this::read);
  }

  private MmctException unknown(String split) {
    return new MmctException(
        "%s has no split '%s'; splits: %s"
            .formatted(folder.root(), split, String.join(", ", splits())));
  }

  private Dataset read(String split) {
    CocoFolder.Annotations files = Objects.requireNonNull(folder.splits().get(split));
    Pictures pictures = new Pictures(missing);
    files
        .captions()
        .ifPresent(it -> AnnotationReader.read(it, AnnotationReader.Content.CAPTIONS, pictures));
    files
        .instances()
        .ifPresent(it -> AnnotationReader.read(it, AnnotationReader.Content.INSTANCES, pictures));
    List<Pictures.Picture> all = pictures.all();
    if (all.isEmpty()) {
      throw new MmctException(
          "split %s is empty: %s lists no images".formatted(split, files.files().getFirst()));
    }
    pictures.passedOver(split).ifPresent(it -> passedOver.put(split, it));
    Path base = folder.picturesOf(split, all.getFirst().file());
    return new CocoDataset(all, base, wanted);
  }

  @Override
  public synchronized String fingerprint() {
    if (fingerprint == null) {
      Fingerprint hash = new Fingerprint();
      folder.splits().values().forEach(it -> it.files().forEach(hash::add));
      fingerprint = hash.hex();
    }
    return fingerprint;
  }

  @Override
  public synchronized List<String> passedOver() {
    splits().forEach(this::split);
    return splits().stream().flatMap(it -> Stream.ofNullable(passedOver.get(it))).toList();
  }

  @Override
  public String describe() {
    return splits().stream()
        .map(it -> it + " " + split(it).size())
        .collect(Collectors.joining(", ", "coco " + folder.root() + ": ", ""));
  }
}
