package mmct.vision.coco;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.NamedFile;
import mmct.api.data.Sample;
import mmct.vision.coco.Pictures.Picture;
import mmct.vision.source.Wanted;

/// One split in COCO's layout.
final class CocoDataset implements Dataset {
  private final List<Picture> pictures;
  private final Path folder;
  private final Wanted wanted;

  CocoDataset(List<Picture> pictures, Path folder, Wanted wanted) {
    this.pictures = pictures;
    this.folder = folder.normalize();
    this.wanted = wanted;
    for (Picture picture : pictures) {
      if (!file(picture).startsWith(this.folder)) {
        throw new MmctException(
            "picture %s is the file %s, which is outside of %s"
                .formatted(picture.id(), picture.file(), folder));
      }
    }
  }

  private Path file(Picture picture) {
    return NamedFile.of(folder, picture.file().toString()).normalize();
  }

  @Override
  public int size() {
    return pictures.size();
  }

  @Override
  public String id(int index) {
    return pictures.get(index).id();
  }

  @Override
  public Optional<Set<String>> modalities(int index) {
    return Optional.of(get(index).cells().keySet());
  }

  @Override
  public Sample get(int index) {
    Picture picture = pictures.get(index);
    Map<String, Cell> cells = new LinkedHashMap<>();
    put(cells, wanted.pictures(), new Cell.File(file(picture)));
    if (!picture.captions().isEmpty()) {
      put(cells, wanted.captions(), new Cell.Strings(picture.captions()));
    }
    if (!picture.tags().isEmpty()) {
      put(cells, wanted.tags(), new Cell.Strings(picture.tags()));
    }
    return new Sample(picture.id(), cells);
  }

  private static void put(Map<String, Cell> cells, List<String> modalities, Cell cell) {
    modalities.forEach(modality -> cells.put(modality, cell));
  }
}
