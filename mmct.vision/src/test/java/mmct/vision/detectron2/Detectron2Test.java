package mmct.vision.detectron2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.InMemoryDataset;
import mmct.api.graph.ParameterNames;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Exporter;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.TrainedEncoder;
import mmct.vision.Detectron2Options;
import mmct.vision.Detectron2Provider;
import mmct.vision.ImageOptions;
import mmct.vision.ImageProvider;
import mmct.vision.detectron2.PickleReader.Call;
import mmct.vision.resnet.ResNet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Backbones for Detectron2.
class Detectron2Test {
  @TempDir Path temp;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  private TrainedEncoder encoder(String yaml) {
    Settings settings = YamlReader.read(yaml, "test");
    ImageOptions options = settings.bind(ImageOptions.class);
    ResNet network = ResNet.of(options.encoder());
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
    return encoder(settings, network, network.width());
  }

  private static TrainedEncoder encoder(Settings settings, Block network, int width) {
    return new TrainedEncoder(
        "photo-backbone",
        "photo",
        "image",
        settings,
        Map.of(),
        new ImageProvider()
            .create(
                settings.bind(ImageOptions.class),
                ModalityContext.inMemory("photo", new InMemoryDataset(List.of()))),
        network,
        network,
        width,
        Optional.empty(),
        false,
        Map.of());
  }

  /// What a run of several modalities leaves out, and why; what is refused writes nothing.
  @Test
  void itSaysBeforehandWhatItCannotHold() {
    Exporter exporter =
        new Detectron2Provider().create(new Detectron2Options(), Catalogue.of(List.of()));
    TrainedEncoder other = encoder(Settings.empty(), Linear.builder().setUnits(4).build(), 4);
    TrainedEncoder small = encoder("encoder: {type: resnet18}");
    assertThat(exporter.refusal(encoder("encoder: {type: resnet50}"))).isEmpty();
    for (TrainedEncoder refused : List.of(other, small)) {
      String reason = exporter.refusal(refused).orElseThrow();
      assertThat(reason).contains("encoder of photo");
      assertThatThrownBy(() -> export(refused))
          .isInstanceOf(MmctException.class)
          .hasMessage(reason);
    }
    assertThat(temp).isEmptyDirectory();
  }

  private List<Path> export(TrainedEncoder encoder) {
    return new Detectron2Provider()
        .create(new Detectron2Options(), Catalogue.of(List.of()))
        .export(encoder, temp);
  }

  /// Detectron2's names of a ResNet-50 whose shortcuts have a convolution in every first block.
  private static Set<String> detectron2Names() {
    Set<String> names = new TreeSet<>(convolution("stem.conv1"));
    int[] depths = {3, 4, 6, 3};
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < depths[stage]; block++) {
        String prefix = "res%d.%d.".formatted(stage + 2, block);
        for (int i = 1; i <= 3; i++) {
          names.addAll(convolution(prefix + "conv" + i));
        }
        if (block == 0) {
          names.addAll(convolution(prefix + "shortcut"));
        }
      }
    }
    return names;
  }

  private static List<String> convolution(String name) {
    return List.of(
        name + ".weight",
        name + ".norm.weight",
        name + ".norm.bias",
        name + ".norm.running_mean",
        name + ".norm.running_var");
  }

  @Test
  void thePickleHoldsEveryWeightBitForBitUnderDetectron2sName() throws IOException {
    TrainedEncoder encoder = encoder("{ encoder: resnet50 }");
    Path file = export(encoder).getFirst();

    Map<?, ?> content = (Map<?, ?>) PickleReader.read(Files.readAllBytes(file));

    assertThat(content.keySet()).isEqualTo(Set.of("model", "__author__", "matching_heuristics"));
    assertThat(content.get("__author__")).isEqualTo("MMCT");
    assertThat(content.get("matching_heuristics")).isEqualTo(true);
    Map<?, ?> model = (Map<?, ?>) content.get("model");
    assertThat(model.keySet()).isEqualTo(detectron2Names());
    ParameterNames.of(encoder.backbone())
        .forEach(
            (name, parameter) ->
                assertArray(
                    model.get(Detectron2Names.of(name)),
                    parameter.getArray().getShape(),
                    parameter.getArray().toFloatArray()));
  }

  /// As NumPy pickles an array itself.
  private static void assertArray(Object pickled, Shape shape, float[] values) {
    Call array = (Call) pickled;
    assertThat(array.function()).isEqualTo("numpy.core.multiarray._reconstruct");
    assertThat(array.arguments().getFirst()).isEqualTo("numpy.ndarray");
    List<?> state = (List<?>) array.state().getFirst();
    assertThat(state.get(0)).isEqualTo(1);
    assertThat(state.get(1))
        .isEqualTo(Arrays.stream(shape.getShape()).mapToObj(Math::toIntExact).toList());
    Call type = (Call) state.get(2);
    assertThat(type.function()).isEqualTo("numpy.dtype");
    assertThat(type.arguments()).isEqualTo(List.of("f4", false, true));
    assertThat(((List<?>) type.state().getFirst()).subList(0, 2)).isEqualTo(List.of(3, "<"));
    assertThat(state.get(3)).as("column order").isEqualTo(false);
    FloatBuffer written =
        ByteBuffer.wrap((byte[]) state.get(4)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    assertThat(written).isEqualTo(FloatBuffer.wrap(values));
  }

  @ParameterizedTest
  @CsvSource({
    "conv1.weight, stem.conv1.weight",
    "bn1.running_var, stem.conv1.norm.running_var",
    "layer1.0.conv2.weight, res2.0.conv2.weight",
    "layer4.2.bn3.bias, res5.2.conv3.norm.bias",
    "layer2.0.downsample.0.weight, res3.0.shortcut.weight",
    "layer2.0.downsample.1.running_mean, res3.0.shortcut.norm.running_mean"
  })
  void torchvisionsNamesBecomeDetectron2s(String torchvision, String detectron2) {
    assertThat(Detectron2Names.of(torchvision)).isEqualTo(detectron2);
  }

  @Test
  void theRecipesNormalisePicturesAsTheRunDid() throws IOException {
    List<Path> files =
        export(encoder("{ encoder: resnet50, mean: [0.5, 0.25, 0.1], std: [0.2, 0.3, 0.4] }"));

    assertThat(files).hasSize(3).allMatch(Files::isRegularFile);
    for (Path file : files.subList(1, 3)) {
      Settings recipe = YamlReader.read(Files.readString(file), file.toString());
      Settings model = recipe.child("MODEL");
      assertThat(model.text("WEIGHTS")).hasValue(files.getFirst().getFileName().toString());
      assertThat(model.get("PIXEL_MEAN")).hasValue(List.of(127.5, 63.75, 25.5));
      assertThat(model.get("PIXEL_STD")).hasValue(List.of(51.0, 76.5, 102.0));
      assertThat(recipe.child("INPUT").text("FORMAT")).hasValue("RGB");
      assertThat(model.child("RESNETS").get("STRIDE_IN_1X1")).hasValue(false);
      assertThat(model.child("RESNETS").text("NORM")).hasValue("SyncBN");
      assertThat(model.child("BACKBONE").get("FREEZE_AT")).hasValue(0L);
    }
  }

  @Test
  void theRecipesAreThePapersSchedules() throws IOException {
    List<Path> files = export(encoder("{ encoder: resnet50 }"));

    Settings voc = YamlReader.read(Files.readString(files.get(1)), "voc");
    assertThat(voc.child("SOLVER").get("MAX_ITER")).hasValue(24_000L);
    assertThat(voc.child("SOLVER").text("STEPS")).hasValue("(18000, 22000)");
    assertThat(voc.child("SOLVER").get("WARMUP_ITERS")).hasValue(100L);
    assertThat(voc.child("MODEL").get("MASK_ON")).hasValue(false);
    assertThat(voc.child("MODEL").child("ROI_HEADS").get("NUM_CLASSES")).hasValue(20L);
    assertThat(voc.child("MODEL").get("PIXEL_MEAN")).hasValue(List.of(123.675, 116.28, 103.53));
    assertThat(voc.child("MODEL").get("PIXEL_STD")).hasValue(List.of(58.395, 57.12, 57.375));
    Settings coco = YamlReader.read(Files.readString(files.get(2)), "coco");
    assertThat(coco.child("SOLVER").get("MAX_ITER")).hasValue(180_000L);
    assertThat(coco.child("SOLVER").text("STEPS")).hasValue("(120000, 160000)");
    assertThat(coco.child("MODEL").get("MASK_ON")).hasValue(true);
    assertThat(coco.child("MODEL").child("BACKBONE").text("NAME"))
        .hasValue("build_resnet_fpn_backbone");
    assertThat(coco.child("MODEL").child("FPN").text("NORM")).hasValue("SyncBN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ encoder: resnet18 } | resnet18",
        "{ encoder: { type: resnet50, smallImageStem: true } } | resnet50 with the stem for small"
            + " images"
      })
  void otherNetworksAreRefused(String yaml, String network) throws IOException {
    assertThatThrownBy(() -> export(encoder(yaml)))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "the recipes of the format detectron2 are for resnet50 but the encoder of photo is "
                + network);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void whatIsNoResidualNetworkIsRefused() {
    Block linear = Linear.builder().setUnits(2).build();
    assertThatThrownBy(() -> export(encoder(Settings.empty(), linear, 2)))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "the format detectron2 holds residual networks but the encoder of photo is a Linear");
  }
}
