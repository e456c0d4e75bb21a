package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.io.SafeTensorsWriter;
import mmct.api.run.Checkpoint;
import mmct.api.run.Checkpoints;
import mmct.api.run.RunFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Backbones that start from a file: `a` is a linear layer `[8, 6]` and a batch normalisation.
class PretrainedWeightsTest {
  @TempDir Path temp;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  /// The backbone's parameters by name, of values that no initialiser gives.
  private Map<String, NDArray> weights(String prefix) {
    Map<String, NDArray> weights = new LinkedHashMap<>();
    weights.put(
        prefix + "Linear.weight", manager.arange(48).reshape(8, 6).toType(DataType.FLOAT32, true));
    weights.put(prefix + "Linear.bias", manager.full(new Shape(8), 3f));
    weights.put(prefix + "BatchNorm.weight", manager.full(new Shape(8), 1.5f));
    weights.put(prefix + "BatchNorm.bias", manager.full(new Shape(8), -1f));
    weights.put(prefix + "BatchNorm.running_mean", manager.full(new Shape(8), 0.25f));
    weights.put(prefix + "BatchNorm.running_var", manager.full(new Shape(8), 4f));
    return weights;
  }

  private Path file(Map<String, NDArray> tensors) {
    Path file = temp.resolve("weights.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    tensors.forEach(writer::add);
    writer.write(file);
    return file;
  }

  private RunOf run(String name, Path weights, String... further) {
    List<String> overrides = new ArrayList<>(List.of("modalities.a.batchNorm=true", "steps=0"));
    overrides.add("modalities.a.weights=" + weights);
    overrides.addAll(List.of(further));
    return new RunOf(temp.resolve(name), TrainingTest.YAML, overrides, Toys.catalogue());
  }

  /// What a run of no steps has in its checkpoint.
  private Map<String, NDArray> start(RunOf run) {
    run.train();
    try (Checkpoint checkpoint =
        Checkpoints.reading(run.folder().resolve("checkpoints")).latest(w -> {}).orElseThrow()) {
      return checkpoint.readAll(manager);
    }
  }

  private static NDArray of(Map<String, NDArray> arrays, String name) {
    NDArray array = arrays.get(name);
    assertThat(array).as(name).isNotNull();
    return array;
  }

  private void assertStarted(Map<String, NDArray> state, Map<String, NDArray> expected) {
    for (String role : List.of("query.a.backbone.", "momentum.a.backbone.")) {
      expected.forEach(
          (name, array) ->
              assertThat(of(state, role + name).contentEquals(array)).as(role + name).isTrue());
    }
  }

  private void assertRefused(Map<String, NDArray> tensors, String... parts) {
    Path file = file(tensors);
    RunOf run = run("refused", file);
    assertThatThrownBy(run::train)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("modalities.a.weights: ")
        .hasMessageContainingAll(parts)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("\n");
    assertThat(run.folder()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "bert.", "model.encoder.", "a.b.c.d.e.f.g.h."})
  void bothEncodersOfAModalityStartFromTheFileWhateverTheCommonPrefix(String prefix) {
    Map<String, NDArray> state = start(run("run", file(weights(prefix))));

    assertStarted(state, weights(""));
  }

  @Test
  void headsAndOtherModalitiesStartAsTheyWouldWithout() {
    Map<String, NDArray> state = start(run("with", file(weights(""))));
    RunOf plain =
        new RunOf(
            temp.resolve("plain"), TrainingTest.YAML, "modalities.a.batchNorm=true", "steps=0");
    Map<String, NDArray> fresh = start(plain);

    assertThat(state.keySet()).isEqualTo(fresh.keySet());
    fresh.forEach(
        (name, array) ->
            assertThat(of(state, name).contentEquals(array))
                .as(name)
                .isEqualTo(!name.contains(".a.backbone.")));
  }

  @Test
  void oldWordsOfANormalisationAreUnderstood() {
    Map<String, NDArray> old = weights("bert.");
    old.put("bert.BatchNorm.gamma", old.remove("bert.BatchNorm.weight"));
    old.put("bert.BatchNorm.beta", old.remove("bert.BatchNorm.bias"));

    assertStarted(start(run("run", file(old))), weights(""));
  }

  @Test
  void halfPrecisionIsWidened() {
    Map<String, NDArray> half = weights("");
    half.replaceAll((name, array) -> array.toType(DataType.FLOAT16, true));

    assertStarted(start(run("run", file(half))), weights(""));
  }

  @Test
  void countersAndPartsThatTheBackboneLacksAreIgnoredAndSaidSo() {
    Map<String, NDArray> tensors = weights("module.");
    tensors.put("module.BatchNorm.num_batches_tracked", manager.create(5L));
    tensors.put("module.fc.weight", manager.ones(new Shape(10, 8)));
    tensors.put("cls.predictions.bias", manager.ones(new Shape(10)));
    tensors.put("module.queue", manager.ones(new Shape(8, 2)));
    RunOf run = run("run", file(tensors));
    try (Training training = run.prepare(false, new RunOf.Heard())) {
      assertThat(training.report())
          .filteredOn(line -> line.startsWith("weights "))
          .singleElement()
          .asString()
          .contains("a: 6 tensors of " + temp.resolve("weights.safetensors"))
          .contains("under 'module.'")
          .contains("ignored '", "'module.fc.weight'", "'cls.predictions.bias'", "'module.queue'")
          .endsWith("and 1 more");
    }
  }

  @Test
  void theRecordSaysWhichFileItWasEvenAfterARunThatWentOnWithoutIt()
      throws IOException, NoSuchAlgorithmException {
    Path file = file(weights(""));
    String digest =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    RunOf run = run("run", file);
    run.train();
    JsonNode recorded = run.record().at("/pretrained/a");
    assertThat(recorded.get("file").textValue()).isEqualTo(file.toString());
    assertThat(recorded.get("sha256").textValue()).isEqualTo(digest);
    assertThat(recorded.get("tensors").intValue()).isEqualTo(6);

    Files.delete(file);
    RunOf longer = run("run", file, "steps=3");
    assertThat(longer.resume().steps()).isEqualTo(3);
    assertThat(run.record().at("/pretrained/a")).isEqualTo(recorded);
    try (TrainedRun opened = TrainedRun.open(run.folder(), Toys.catalogue(), "cpu", note -> {})) {
      assertThat(opened.folder()).isEqualTo(run.folder());
    }
  }

  @Test
  void aRunStartsFromAnotherRunsNewestQueryBackbone() {
    RunOf first =
        new RunOf(
            temp.resolve("first"), TrainingTest.YAML, "modalities.a.batchNorm=true", "steps=7");
    first.train();
    Map<String, NDArray> expected = new LinkedHashMap<>();
    try (Checkpoint newest =
        RunFolder.reading(first.folder()).checkpoints().latest(w -> {}).orElseThrow()) {
      weights("")
          .keySet()
          .forEach(name -> expected.put(name, newest.read("query.a.backbone." + name, manager)));
    }

    RunOf second = run("second", first.folder());
    Map<String, NDArray> state = start(second);

    assertStarted(state, expected);
    assertThat(second.record().at("/pretrained/a/file").textValue())
        .endsWith("step-000000007.safetensors");
  }

  @Test
  void aRunWhoseModalityKeepsOtherFilesIsRefused() {
    RunOf first =
        new RunOf(
            temp.resolve("first"), TrainingTest.YAML, "modalities.a.batchNorm=true", "steps=0");
    first.train();
    RunOf second = run("second", first.folder(), "data.options.samples=39");
    assertThatThrownBy(second::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("modalities.a.weights: the run's weights belong to its own")
        .hasMessageContaining("cells, which differs from this run's");
  }

  @Test
  void aMissingParameterIsNamed() {
    Map<String, NDArray> tensors = weights("module.");
    tensors.remove("module.Linear.bias");
    tensors.remove("module.BatchNorm.bias");
    assertRefused(
        tensors,
        "has no tensor 'module.Linear.bias' for the encoder's (8)",
        "lacks 1 more of its 6");
  }

  @Test
  void anotherShapeIsNamedWithTheEncoders() {
    Map<String, NDArray> tensors = weights("");
    tensors.put("Linear.weight", manager.ones(new Shape(6, 8)));
    assertRefused(tensors, "'Linear.weight' is (6, 8) in", "must be (8, 6)");
  }

  @Test
  void whatADeeperNetworkHasMoreIsRefused() {
    Map<String, NDArray> tensors = weights("");
    tensors.put("Linear.1.weight", manager.ones(new Shape(8, 8)));
    assertRefused(tensors, "'Linear.1.weight', for which the encoder has no place");
  }

  @Test
  void wholeNumbersAreNoWeights() {
    Map<String, NDArray> tensors = weights("");
    tensors.put("Linear.bias", manager.ones(new Shape(8), DataType.INT32));
    assertRefused(tensors, "'Linear.bias' must be floats but is of type I32");
  }

  @Test
  void valuesThatAreNotFiniteAreRefused() {
    Map<String, NDArray> tensors = weights("");
    tensors.put("Linear.bias", manager.full(new Shape(8), Float.NaN));
    assertRefused(tensors, "'Linear.bias' holds values that are not finite");
  }

  @Test
  void aFileWithTheWeightsTwiceIsRefused() {
    Map<String, NDArray> tensors = weights("module.encoder_q.");
    tensors.putAll(weights("module.encoder_k."));
    assertRefused(tensors, "2 times, under 'module.encoder_k.', 'module.encoder_q.'");
  }

  @Test
  void aFileOfSomethingElseIsRefused() {
    assertRefused(
        Map.of("conv1.weights", manager.ones(new Shape(3))),
        "holds none",
        "'Linear.weight'",
        "'conv1.weights'");
  }

  @Test
  void aMissingFileAndAModalityWithoutEncoderAreNamed() {
    assertThatThrownBy(run("run", temp.resolve("nowhere.safetensors"))::train)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nowhere.safetensors cannot be read: there is no such file")
        .hasMessageContaining("--set modalities.a.weights=");
    Path file = file(weights(""));
    assertThatThrownBy(run("run", file, "modalities.m.weights=" + file)::train)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("modalities.m.weights: the modality has no encoder");
    assertThatThrownBy(run("run", temp)::train)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("holds no run");
  }
}
