package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.Modality.ViewRequest;
import mmct.api.spi.ModalityContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void cacheChangesNoView(int megabytes, @TempDir Path folder) throws IOException {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 9; i++) { // 250 kB each: four fit into one megabyte
      Path file = folder.resolve(i + ".png");
      Files.write(file, png(noise(500, 500, i)));
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

  private static Modality modality(String yaml) {
    Settings settings = YamlReader.read(yaml, "test.yaml");
    ModalityContext context =
        new ModalityContext("photo", Optional.empty(), ArtefactStore.inMemory(), 1, note -> {});
    return new ImageProvider().create(settings.bind(ImageOptions.class), context);
  }

  private static Cell.ByteGrid noise(int width, int height, long seed) {
    byte[] rgb = new byte[3 * width * height];
    new Random(seed).nextBytes(rgb);
    return new Cell.ByteGrid(rgb, height, width, 3);
  }

  private static Cell even(int width, int height, int... colour) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) colour[i % 3];
    }
    return new Cell.ByteGrid(rgb, height, width, 3);
  }

  private static byte[] png(Cell.ByteGrid grid) throws IOException {
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

  private static List<float[]> values(Modality.Views views) {
    List<float[]> values = new ArrayList<>();
    views.queries().forEach(view -> values.add(floats(view)));
    views.keys().forEach(view -> values.add(floats(view)));
    return values;
  }

  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).usingElementComparator(Arrays::compare).containsExactlyElementsOf(expected);
  }

  private static float[] floats(View view) {
    return ((HostArray.Floats) view.arrays().getFirst()).values();
  }
}
