package mmct.vision;

import static mmct.vision.ImageFixtures.assertSame;
import static mmct.vision.ImageFixtures.even;
import static mmct.vision.ImageFixtures.floats;
import static mmct.vision.ImageFixtures.modality;
import static mmct.vision.ImageFixtures.noise;
import static mmct.vision.ImageFixtures.png;
import static mmct.vision.ImageFixtures.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.Modality.ViewRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The modality as a run sees it.
class ImageModalityTest {
  private static final ViewRequest TWO = new ViewRequest(1, 1, 42);

  @Test
  void isFoundByItsName() {
    assertThat(Catalogue.load().modality("image")).isInstanceOf(ImageProvider.class);
  }

  @Test
  void sameSeedGivesTheSameViewsOnAnyNumberOfThreads() throws Exception {
    Modality modality = modality("size: 24");
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      cells.add(noise(60, 40, i));
    }
    List<List<float[]>> expected = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      expected.add(values(modality.draw(cells.get(i), new ViewRequest(2, 1, i))));
    }

    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<float[]>>> drawn =
          IntStream.range(0, cells.size())
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> values(modality.draw(cells.get(i), new ViewRequest(2, 1, i)))))
              .toList();
      for (int i = 0; i < cells.size(); i++) {
        assertSame(drawn.get(i).get(), expected.get(i));
      }
    }
  }

  @Test
  void viewsOfOneRequestDifferAndSoDoThoseOfAnotherSeed() {
    Modality modality = modality("size: 24");
    Cell cell = noise(60, 40, 1);
    List<float[]> all = values(modality.draw(cell, new ViewRequest(2, 2, 42)));
    all.addAll(values(modality.draw(cell, new ViewRequest(2, 2, 43))));

    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(all.get(i)).isNotEqualTo(all.get(j));
      }
    }
  }

  @Test
  void viewsDoNotDependOnHowManyOthersAreDrawn() {
    Modality modality = modality("size: 24");
    Cell cell = noise(60, 40, 1);
    Modality.Views few = modality.draw(cell, new ViewRequest(1, 1, 42));
    Modality.Views many = modality.draw(cell, new ViewRequest(3, 2, 42));

    assertThat(floats(many.queries().getFirst())).isEqualTo(floats(few.queries().getFirst()));
    assertThat(floats(many.keys().getFirst())).isEqualTo(floats(few.keys().getFirst()));
    assertThat(many.queries()).hasSize(3);
    assertThat(many.keys()).hasSize(2);
  }

  @Test
  void viewIsThreeNormalisedPlanes() {
    Modality modality =
        modality("size: 16\naugment: {jitter: {probability: 0}, greyProbability: 0}");

    for (View view :
        List.of(
            modality.draw(even(50, 30, 255, 128, 0), TWO).queries().getFirst(),
            modality.plain(even(50, 30, 255, 128, 0)).getFirst())) {
      HostArray array = view.arrays().getFirst();
      assertThat(view.arrays()).hasSize(1);
      assertThat(array.shape()).containsExactly(3, 16, 16);
      assertThat(Arrays.copyOfRange(floats(view), 0, 256))
          .containsOnly(new float[] {(1 - 0.485f) / 0.229f}, within(1e-4f));
      assertThat(Arrays.copyOfRange(floats(view), 256, 512))
          .containsOnly(new float[] {(128 / 255f - 0.456f) / 0.224f}, within(1e-4f));
      assertThat(Arrays.copyOfRange(floats(view), 512, 768))
          .containsOnly(new float[] {-0.406f / 0.225f}, within(1e-4f));
    }
  }

  @Test
  void plainSeesTheCentre() {
    // Green in the middle 64 of 128 columns, red beside it.
    byte[] rgb = new byte[3 * 128 * 64];
    for (int i = 0; i < 128 * 64; i++) {
      boolean middle = i % 128 >= 32 && i % 128 < 96;
      rgb[3 * i + (middle ? 1 : 0)] = (byte) 255;
    }
    Cell cell = new Cell.ByteGrid(rgb, 64, 128, 3);

    float[] centre = floats(modality("size: 32").plain(cell).getFirst());
    assertThat(Arrays.copyOfRange(centre, 0, 1024)).containsOnly(-0.485f / 0.229f);
    float[] all = floats(modality("size: 32\nevaluation: {fit: stretch}").plain(cell).getFirst());
    assertThat(all[0]).isCloseTo((1 - 0.485f) / 0.229f, within(1e-4f));
    assertThat(all[16]).isCloseTo(-0.485f / 0.229f, within(1e-4f));
  }

  @Test
  void plainTrainingViewsAreThoseOfEvaluation() {
    Modality modality = modality("size: 24\naugment: plain");
    Cell cell = noise(60, 40, 1);

    float[] plain = floats(modality.plain(cell).getFirst());
    assertThat(values(modality.draw(cell, TWO)))
        .allSatisfy(view -> assertThat(view).isEqualTo(plain));
  }

  @Test
  void withoutJitterAndBlurViewsAreMocosFirstVersion() {
    Modality modality =
        modality(
            """
            size: 24
            augment:
              jitter: { probability: 0 }
              blur: { probability: 0 }
              greyProbability: 0
              flipProbability: 0
              crop: { area: [1, 1], ratio: [1, 1] }
            """);
    Modality stretched = modality("size: 24\nevaluation: stretch");
    Cell square = noise(48, 48, 1);

    // All of a square picture, and nothing else done to it, is the picture.
    assertThat(floats(modality.draw(square, TWO).keys().getFirst()))
        .isEqualTo(floats(stretched.plain(square).getFirst()));
  }

  @Test
  void fileBytesAndGridOfOnePictureGiveTheSameViews(@TempDir Path folder) throws IOException {
    Cell.ByteGrid grid = noise(60, 40, 3);
    byte[] png = png(grid);
    Path file = Files.write(folder.resolve("a.png"), png);
    Modality modality = modality("size: 24");

    List<float[]> expected = values(modality.draw(grid, TWO));
    for (Cell cell : List.of(new Cell.File(file), new Cell.Bytes(png, "a.png"))) {
      assertSame(values(modality.draw(cell, TWO)), expected);
    }
  }

  @Test
  void greyGridsHaveTwoAxesOrOneChannel() {
    byte[] grey = new byte[30 * 20];
    Arrays.fill(grey, (byte) 200);
    Modality modality = modality("size: 16");

    float[] flat = floats(modality.plain(new Cell.ByteGrid(grey, 20, 30)).getFirst());
    float[] deep = floats(modality.plain(new Cell.ByteGrid(grey, 20, 30, 1)).getFirst());
    assertThat(flat).isEqualTo(deep);
    assertThat(flat[0]).isCloseTo((200 / 255f - 0.485f) / 0.229f, within(1e-4f));
  }

  @Test
  void cellsOfOtherKindsAndShapesAreRefused() {
    Modality modality = modality("size: 16");

    assertThatThrownBy(() -> modality.draw(Cell.Strings.of("a dog"), TWO))
        .isInstanceOf(MmctException.class)
        .isNotInstanceOf(BrokenCellException.class)
        .hasMessageStartingWith("modality photo reads picture files and grids of bytes but")
        .hasMessageContaining("strings");
    assertThatThrownBy(() -> modality.plain(new Cell.Numbers(new float[3], 3)))
        .hasMessageContaining("numbers");
    assertThatThrownBy(() -> modality.plain(new Cell.ByteGrid(new byte[64], 4, 4, 4)))
        .hasMessageContaining("but was [4, 4, 4]");
  }

  @Test
  void backboneReadsTheViews() {
    Backbone backbone = modality("encoder: resnet18\nsize: 48").newBackbone(true).orElseThrow();

    assertThat(backbone.width()).isEqualTo(512);
    assertThat(backbone.inputShapes()).containsExactly(new Shape(1, 3, 48, 48));
    assertThat(modality("{}").newBackbone(true).orElseThrow().width()).isEqualTo(2048);
  }

  @Test
  void wrongSettingsAreNamed() {
    assertWrong("size: 64\naugment: moco-v3", "augment.type must be one of moco-v2, plain");
    assertWrong("augment: {crop: {area: [1, 0.2]}}", "area must be two numbers, the smaller first");
    assertWrong("augment: {blur: {sigma: [1]}}", "sigma must be two numbers");
    assertWrong("augment: {jitter: {hue: 0.6}}", "augment.jitter.hue must be");
    assertWrong("mean: [0.5, 0.5]", "mean must be three numbers");
    assertWrong(
        "size: 64\nevaluation: {shorterSide: 50}",
        "evaluation.shorterSide must be at least size 64 but was 50");
    assertWrong("encoder: resnet19", "encoder.type must be one of resnet18, resnet34");
  }

  private static void assertWrong(String yaml, String message) {
    assertThatThrownBy(() -> modality(yaml))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }
}
