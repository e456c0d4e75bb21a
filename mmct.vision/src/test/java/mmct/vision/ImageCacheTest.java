package mmct.vision;

import static mmct.vision.ImageFixtures.assertSame;
import static mmct.vision.ImageFixtures.modality;
import static mmct.vision.ImageFixtures.noise;
import static mmct.vision.ImageFixtures.png;
import static mmct.vision.ImageFixtures.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.spi.Modality;
import mmct.api.spi.Modality.ViewRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures in memory: which are kept, and that views do not change.
class ImageCacheTest {
  private static final ViewRequest TWO = new ViewRequest(1, 1, 42);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void cacheChangesNoView(int megabytes, @TempDir Path folder) throws IOException {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 6; i++) { // 250 kB each when shrunk: four fit into one megabyte
      Path file = folder.resolve(i + ".png");
      Files.write(file, png(noise(310, 300, i)));
      cells.add(new Cell.File(file));
    }
    Modality plain = modality("size: 24\nshrink: 290");
    Modality cached = modality("size: 24\nshrink: 290\ncacheMegabytes: " + megabytes);

    for (int epoch = 0; epoch < 2; epoch++) {
      for (Cell cell : cells) {
        assertSame(values(cached.draw(cell, TWO)), values(plain.draw(cell, TWO)));
      }
    }
  }

  @Test
  void cachedPicturesAreNotReadAgain(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("a.png"), png(noise(60, 40, 1)));
    Modality cached = modality("size: 24\ncacheMegabytes: 1");
    Modality direct = modality("size: 24");
    List<float[]> before = values(cached.draw(new Cell.File(file), TWO));

    Files.delete(file);
    assertSame(values(cached.draw(new Cell.File(file), TWO)), before);
    assertThatThrownBy(() -> direct.draw(new Cell.File(file), TWO))
        .isInstanceOf(BrokenCellException.class)
        .hasMessage(file + " does not exist");
  }

  @Test
  void limitOfPixelsIsASetting() throws IOException {
    Cell cell = new Cell.Bytes(png(noise(60, 40, 1)), "a.png");

    assertThat(modality("size: 24\nmaxPixels: 2400").plain(cell)).hasSize(1);
    assertThatThrownBy(() -> modality("size: 24\nmaxPixels: 2399").plain(cell))
        .hasMessage("a.png declares 60 × 40 pixels, more than maxPixels 2399");
  }
}
