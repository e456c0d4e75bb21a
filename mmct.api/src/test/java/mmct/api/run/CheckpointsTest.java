package mmct.api.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir Path temporary;
  private final List<String> warnings = new ArrayList<>();

  private Path folder() {
    return temporary.resolve("checkpoints");
  }

  private static void save(Checkpoints checkpoints, long step) {
    checkpoints.save(
        step, Map.of("note", "n" + step), content -> content.add("x", new long[] {step}));
  }

  private long latest(Checkpoints checkpoints) {
    try (Checkpoint checkpoint = checkpoints.latest(warnings::add).orElseThrow();
        NDManager manager = NDManager.newBaseManager()) {
      assertThat(checkpoint.read("x", manager).toLongArray()).containsExactly(checkpoint.step());
      return checkpoint.step();
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void everythingIsReadBackBitForBit() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray floats = manager.randomNormal(new Shape(5, 3));
      NDArray doubles = manager.randomNormal(new Shape(4)).toType(DataType.FLOAT64, true);
      NDArray numbers = manager.create(new long[] {Long.MIN_VALUE, 5});
      Checkpoints checkpoints = Checkpoints.open(folder());
      checkpoints.save(
          123,
          Map.of("floats", floats, "doubles", doubles, "numbers", numbers),
          Map.of("state", "{\"a\": \"ü\"}"));
      assertThat(folder().resolve("step-000000123.safetensors")).exists();
      try (Checkpoint checkpoint = checkpoints.latest(warnings::add).orElseThrow()) {
        assertThat(checkpoint.step()).isEqualTo(123);
        assertThat(checkpoint.metadata()).containsEntry("state", "{\"a\": \"ü\"}");
        assertThat(checkpoint.names()).containsExactlyInAnyOrder("floats", "doubles", "numbers");
        assertThat(checkpoint.shape("floats")).isEqualTo(new Shape(5, 3));
        assertThat(checkpoint.read("floats", manager).contentEquals(floats)).isTrue();
        assertThat(checkpoint.read("doubles", manager).contentEquals(doubles)).isTrue();
        assertThat(checkpoint.read("numbers", manager).contentEquals(numbers)).isTrue();
      }
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void theNewestIsTheLatestWhateverTheOrderOfSaving() {
    Checkpoints checkpoints = Checkpoints.open(folder());
    assertThat(checkpoints.latest(warnings::add)).isEmpty();
    for (long step : new long[] {9, 1_000_000_000_000L, 10}) {
      save(checkpoints, step);
    }
    assertThat(checkpoints.steps()).containsExactly(9L, 10L, 1_000_000_000_000L);
    assertThat(latest(checkpoints)).isEqualTo(1_000_000_000_000L);
  }

  @Test
  void aRunThatSavesMeanwhileIsReadAllTheSame() throws InterruptedException {
    Checkpoints saving = Checkpoints.open(folder());
    save(saving, 1);
    AtomicBoolean done = new AtomicBoolean();
    Thread run =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long step = 2; !done.get(); step++) {
                    save(saving, step);
                    saving.keep(1, Optional.empty());
                  }
                });
    try {
      Checkpoints reading = Checkpoints.reading(folder());
      for (int i = 0; i < 1000; i++) {
        reading.latest(warnings::add).orElseThrow().close();
      }
    } finally {
      done.set(true);
      run.join();
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void aFlippedBitAnywhereIsNoticedAndTheOneBeforeIsUsed() throws IOException {
    Checkpoints checkpoints = Checkpoints.open(folder());
    save(checkpoints, 1);
    save(checkpoints, 2);
    Path newest = folder().resolve("step-000000002.safetensors");
    byte[] good = Files.readAllBytes(newest);
    for (int at = 0; at < good.length; at++) {
      byte[] damaged = good.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      Files.write(newest, damaged);
      warnings.clear();
      assertThat(latest(checkpoints)).as("byte %d", at).isEqualTo(1);
      assertThat(warnings).singleElement().asString().contains("step-000000002").contains("step 1");
    }
    Files.write(newest, good);
    assertThat(latest(checkpoints)).isEqualTo(2);
  }

  @Test
  void aCutOrLengthenedFileIsNoticed() throws IOException {
    Checkpoints checkpoints = Checkpoints.open(folder());
    save(checkpoints, 1);
    save(checkpoints, 2);
    Path newest = folder().resolve("step-000000002.safetensors");
    byte[] good = Files.readAllBytes(newest);
    for (int length = 0; length <= good.length + 8; length++) {
      Files.write(newest, Arrays.copyOf(good, length));
      assertThat(latest(checkpoints)).isEqualTo(length == good.length ? 2 : 1);
    }
  }

  @Test
  void aRenamedCheckpointIsRefused() throws IOException {
    Checkpoints checkpoints = Checkpoints.open(folder());
    save(checkpoints, 1);
    Files.copy(
        folder().resolve("step-000000001.safetensors"),
        folder().resolve("step-000000007.safetensors"));
    assertThat(latest(checkpoints)).isEqualTo(1);
    assertThat(warnings).singleElement().asString().contains("not what its name says");
  }

  @Test
  void whereNoneIsIntactTheFolderAndTheFilesAreNamed() throws IOException {
    Checkpoints checkpoints = Checkpoints.open(folder());
    save(checkpoints, 1);
    save(checkpoints, 2);
    Files.write(folder().resolve("step-000000001.safetensors"), new byte[3]);
    Files.write(folder().resolve("step-000000002.safetensors"), new byte[500]);
    assertThatThrownBy(() -> checkpoints.latest(warnings::add))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("no checkpoint in " + folder() + " is intact")
        .hasMessageContaining("step-000000001.safetensors is damaged: it ends after 3 bytes")
        .hasMessageContaining("step-000000002.safetensors is damaged: its content does not match");
    assertThat(warnings).isEmpty();
  }

  @Test
  void theNewestAndTheBestAreKept() throws IOException {
    Checkpoints checkpoints = Checkpoints.open(folder());
    for (long step = 1; step <= 6; step++) {
      save(checkpoints, step);
      checkpoints.keep(
          2, Optional.of(step < 4 ? 2L : 4L).filter(best -> best <= checkpoints.steps().getLast()));
    }
    assertThat(files())
        .containsExactly(
            "best.safetensors", "step-000000005.safetensors", "step-000000006.safetensors");
    try (Checkpoint best = checkpoints.best().orElseThrow()) {
      assertThat(best.step()).isEqualTo(4);
    }
  }

  @Test
  void theBestIsKeptByCopyOrLinkWithoutLeftovers() throws IOException {
    Checkpoints checkpoints = Checkpoints.open(folder());
    assertThat(checkpoints.best()).isEmpty();
    save(checkpoints, 1);
    for (int i = 0; i < 3; i++) {
      checkpoints.keep(1, Optional.of(1L));
    }
    assertThat(files()).containsExactly("best.safetensors", "step-000000001.safetensors");
    save(checkpoints, 2);
    checkpoints.keep(1, Optional.of(1L));
    checkpoints.keep(1, Optional.of(1L));
    assertThat(files()).containsExactly("best.safetensors", "step-000000002.safetensors");
    try (Checkpoint best = checkpoints.best().orElseThrow()) {
      assertThat(best.step()).isEqualTo(1);
    }
    Files.write(folder().resolve("best.safetensors"), new byte[400]);
    assertThatThrownBy(checkpoints::best).hasMessageContaining("best.safetensors is damaged");
  }

  /// Otherwise the damaged one would count as the newest, and the good ones would be deleted.
  @Test
  void checkpointsPassedOverAtResumptionDoNotDisplaceTheNewOnes() throws IOException {
    Checkpoints before = Checkpoints.open(folder());
    save(before, 100);
    save(before, 200);
    Files.write(folder().resolve("step-000000200.safetensors"), new byte[400]);

    Checkpoints resumed = Checkpoints.open(folder());
    assertThat(latest(resumed)).isEqualTo(100);
    save(resumed, 110);
    resumed.keep(1, Optional.empty());
    assertThat(files()).containsExactly("step-000000110.safetensors");
    assertThat(latest(Checkpoints.reading(folder()))).isEqualTo(110);
  }

  @Test
  void halfWrittenFilesAreClearedAwayByTheRunAndLeftAloneByReaders() throws IOException {
    save(Checkpoints.open(folder()), 1);
    Path part = Files.write(folder().resolve("step-000000002.safetensors.part"), new byte[10]);
    assertThat(latest(Checkpoints.reading(folder()))).isEqualTo(1);
    assertThat(part).exists();
    assertThat(latest(Checkpoints.open(folder()))).isEqualTo(1);
    assertThat(part).doesNotExist();
    assertThat(warnings).isEmpty();
  }

  /// A process killed while it kept the best leaves a second name of a good checkpoint behind.
  @Test
  void aLeftoverSecondNameOfACheckpointDoesNoHarm() throws IOException {
    save(Checkpoints.open(folder()), 1);
    Path good = folder().resolve("step-000000001.safetensors");
    Files.createLink(folder().resolve("step-000000002.safetensors.part"), good);
    Files.createLink(folder().resolve("best.link.part"), good);
    Checkpoints reading = Checkpoints.reading(folder());
    save(reading, 2);
    reading.keep(2, Optional.of(1L));
    Checkpoints checkpoints = Checkpoints.open(folder());
    assertThat(files())
        .containsExactly(
            "best.safetensors", "step-000000001.safetensors", "step-000000002.safetensors");
    assertThat(latest(checkpoints)).isEqualTo(2);
    Files.delete(folder().resolve("step-000000002.safetensors"));
    assertThat(latest(checkpoints)).isEqualTo(1);
  }

  @Test
  void theKeysOfTheCheckpointItselfAreTaken() {
    Checkpoints checkpoints = Checkpoints.open(folder());
    for (String key : List.of("sha256", "step")) {
      assertThatThrownBy(() -> checkpoints.save(1, Map.of(), Map.of(key, "x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(key);
    }
  }
}
