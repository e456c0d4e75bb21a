package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;

/// Modalities, pictures and views for tests.
final class ImageFixtures {
  private ImageFixtures() {}

  static Modality modality(String yaml) {
    Settings settings = YamlReader.read(yaml, "test.yaml");
    ModalityContext context =
        new ModalityContext("photo", Optional.empty(), ArtefactStore.inMemory(), 1, note -> {});
    return new ImageProvider().create(settings.bind(ImageOptions.class), context);
  }

  static Cell.ByteGrid noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return new Cell.ByteGrid(rgb, height, width, 3);
  }

  static Cell even(int width, int height, int... colour) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) colour[i % 3];
    }
    return new Cell.ByteGrid(rgb, height, width, 3);
  }

  static byte[] png(Cell.ByteGrid grid) throws IOException {
    int height = grid.shape()[0];
    int width = grid.shape()[1];
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] samples = new int[grid.values().length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = grid.values()[i] & 255;
    }
    image.getRaster().setPixels(0, 0, width, height, samples);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  static List<float[]> values(Modality.Views views) {
    List<float[]> values = new ArrayList<>();
    views.queries().forEach(view -> values.add(floats(view)));
    views.keys().forEach(view -> values.add(floats(view)));
    return values;
  }

  static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected);
  }

  static float[] floats(View view) {
    return ((HostArray.Bytes) view.arrays().getFirst()).toFloats();
  }
}
