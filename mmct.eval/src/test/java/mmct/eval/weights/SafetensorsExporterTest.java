package mmct.eval.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.graph.ParameterNames;
import mmct.api.io.Checksums;
import mmct.api.io.SafeTensors;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;
import mmct.api.spi.TrainedEncoder;
import mmct.api.training.PretrainedWeights;
import mmct.eval.SafetensorsOptions;
import mmct.eval.SafetensorsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Weights that leave as a safetensors file, and come in again.
class SafetensorsExporterTest {
  @TempDir Path temp;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /// A modality that is fed by rules of its own.
  private static final class Numbers implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<View> plain(Cell cell) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return Optional.empty();
    }

    @Override
    public Feeding feeding() {
      return new Feeding(
          List.of("numbers"), Optional.of(new Feeding.Lengths(1, 9)), Map.of("mean", "0.5"));
    }
  }

  private Block backbone() {
    Block backbone =
        new SequentialBlock()
            .add(Linear.builder().setUnits(4).build())
            .add(BatchNorm.builder().build());
    backbone.initialize(manager, DataType.FLOAT32, new Shape(2, 3));
    return backbone;
  }

  private Block withHead(Block backbone) {
    SequentialBlock head = new SequentialBlock().add(Linear.builder().setUnits(2).build());
    head.initialize(manager, DataType.FLOAT32, new Shape(2, 4));
    return new SequentialBlock().add(backbone).add(head);
  }

  private static TrainedEncoder encoder(
      Block backbone, Block block, Optional<String> space, boolean momentum) {
    return new TrainedEncoder(
        TrainedEncoder.fullName("signal", space, momentum),
        "signal",
        "numbers",
        Settings.empty(),
        Map.of("words.txt", "a\nb".getBytes(StandardCharsets.UTF_8)),
        new Numbers(),
        backbone,
        block,
        space.isPresent() ? 2 : 4,
        space,
        momentum,
        Map.of("run", "first", "step", "12"));
  }

  private List<Path> export(TrainedEncoder encoder) {
    return new SafetensorsProvider()
        .create(new SafetensorsOptions(), Catalogue.of(List.of()))
        .export(encoder, temp);
  }

  @Test
  void theBackbonesWeightsHaveItsOwnNames() throws IOException {
    Block backbone = backbone();
    List<Path> files = export(encoder(backbone, backbone, Optional.empty(), false));

    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("signal-backbone.safetensors", "signal-backbone.words.txt");
    assertThat(files.getLast()).hasContent("a\nb");
    try (SafeTensors file = SafeTensors.open(files.getFirst())) {
      Map<String, Parameter> parameters = ParameterNames.of(backbone);
      assertThat(file.names()).containsExactlyInAnyOrderElementsOf(parameters.keySet());
      parameters.forEach(
          (name, parameter) ->
              assertThat(file.readExact(name, manager).contentEquals(parameter.getArray()))
                  .as(name)
                  .isTrue());
      assertThat(file.metadata())
          .containsEntry("format", "pt")
          .containsEntry("modality", "signal")
          .containsEntry("type", "numbers")
          .containsEntry("width", "4")
          .containsEntry("encoder", "query")
          .containsEntry("inputs", "numbers")
          .containsEntry("lengths", "1 to 9")
          .containsEntry("rule.mean", "0.5")
          .containsEntry("origin.run", "first")
          .containsEntry("origin.step", "12")
          .doesNotContainKey("space");
    }
  }

  @Test
  void theHeadOfASpaceStandsBesideTheBackbone() {
    Block backbone = backbone();
    Path file =
        export(encoder(backbone, withHead(backbone), Optional.of("common"), true)).getFirst();

    assertThat(file).hasFileName("signal-common-momentum.safetensors");
    try (SafeTensors content = SafeTensors.open(file)) {
      assertThat(content.names()).hasSize(ParameterNames.of(backbone).size() + 2);
      assertThat(content.names()).containsAll(ParameterNames.of(backbone).keySet());
      assertThat(content.metadata())
          .containsEntry("space", "common")
          .containsEntry("width", "2")
          .containsEntry("encoder", "momentum");
    }
  }

  @Test
  void aFileCarriesTheDigestsOfItselfAndOfTheFilesBesideItAndIsNotReadWhereTheyDiffer()
      throws IOException {
    Block backbone = backbone();
    List<Path> files = export(encoder(backbone, backbone, Optional.empty(), false));
    Path file = files.getFirst();
    try (SafeTensors content = SafeTensors.open(file)) {
      assertThat(content.metadata())
          .containsEntry("sha256.words.txt", Checksums.of(files.getLast()))
          .hasEntrySatisfying("sha256", digest -> assertThat(digest).matches("[0-9a-f]{64}"));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int at : new int[] {12, 30, 60, 200, whole.length / 2, whole.length - 1}) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(file, flipped);
      assertThatThrownBy(
              () -> PretrainedWeights.find(file, "signal", warning -> {}).into(backbone()))
          .as("byte %d", at)
          .isInstanceOf(MmctException.class);
    }
  }

  @Test
  void whatWentOutComesInAgain() {
    Block backbone = backbone();
    Path file =
        export(encoder(backbone, withHead(backbone), Optional.of("common"), false)).getFirst();
    Block fresh = backbone();

    PretrainedWeights.Taken taken =
        PretrainedWeights.find(file, "signal", warning -> {}).into(fresh);

    assertThat(taken.tensors()).isEqualTo(6);
    Map<String, Parameter> expected = ParameterNames.of(backbone);
    ParameterNames.of(fresh)
        .forEach(
            (name, parameter) ->
                assertThat(parameter.getArray().contentEquals(expected.get(name).getArray()))
                    .as(name)
                    .isTrue());
  }
}
