package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import mmct.api.MmctException;
import mmct.api.spi.Exporter;
import mmct.api.spi.TrainedEncoder;
import mmct.api.training.Toys.Ship;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run is finished when its encoders have left it.
class FinalExportTest {
  @TempDir Path temp;

  private RunOf run(String name, Exporter exporter) {
    return new RunOf(
        temp.resolve(name),
        TrainingTest.YAML,
        List.of("steps=3", "export=test"),
        Toys.with(new Ship("test", exporter)));
  }

  private static List<Path> write(TrainedEncoder encoder, Path folder) {
    try {
      return List.of(Files.writeString(folder.resolve(encoder.modality()), "written"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anEncoderThatCannotBeExportedFailsTheRunWhichCompletesItWhenItGoesOn() {
    RunOf run =
        run(
            "failing",
            (encoder, folder) -> {
              if (encoder.modality().equals("a")) {
                throw new MmctException("the file system is of glass");
              }
              return write(encoder, folder);
            });
    Outcome outcome = run.train();
    assertThat(outcome.status()).isEqualTo("failed");
    assertThat(outcome.failures())
        .containsExactly("the encoder of a is not exported: the file system is of glass");
    JsonNode record = run.record();
    assertThat(record.get("status").textValue()).isEqualTo("failed");
    assertThat(record.get("weights_sha256").textValue()).isEqualTo(outcome.weightsSha256());
    assertThat(run.json("failure.json").get("reason").textValue()).contains("of glass");
    assertThat(run.folder().resolve("encoders/b")).exists();

    RunOf mended = run("failing", FinalExportTest::write);
    Outcome again = mended.resume();
    assertThat(again.status()).isEqualTo("finished");
    assertThat(again.failures()).isEmpty();
    assertThat(again.weightsSha256()).isEqualTo(outcome.weightsSha256());
    assertThat(mended.record().get("status").textValue()).isEqualTo("finished");
    assertThat(run.folder().resolve("encoders/a")).exists();
    assertThat(run.folder().resolve("failure.json")).doesNotExist();
  }

  @Test
  void anErrorOfAPluginIsAFailureToo() {
    Outcome outcome =
        run(
                "error",
                (encoder, folder) -> {
                  throw new NoClassDefFoundError("org/example/Missing");
                })
            .train();
    assertThat(outcome.status()).isEqualTo("failed");
    assertThat(outcome.failures())
        .hasSize(2)
        .allMatch(it -> it.endsWith("NoClassDefFoundError: org/example/Missing"));
  }

  @Test
  void aRunIsNotFinishedWhileItsEncodersLeave() {
    List<String> seen = new ArrayList<>();
    AtomicReference<RunOf> run = new AtomicReference<>();
    run.set(
        run(
            "status",
            (encoder, folder) -> {
              seen.add(run.get().record().get("status").textValue());
              return write(encoder, folder);
            }));
    assertThat(run.get().train().status()).isEqualTo("finished");
    assertThat(seen).hasSize(2).containsOnly("exporting");
  }

  @Test
  void aWishToStopEndsTheExportAndTheRunGoesOnWithIt() {
    AtomicReference<Training> training = new AtomicReference<>();
    RunOf run =
        run(
            "stopped",
            (encoder, folder) -> {
              training.get().requestStop();
              return write(encoder, folder);
            });
    try (Training prepared = run.prepare(false, Progress.silent())) {
      training.set(prepared);
      assertThat(prepared.run().status()).isEqualTo("stopped");
    }
    assertThat(run.record().get("status").textValue()).isEqualTo("stopped");
    assertThat(run.folder().resolve("encoders")).isNotEmptyDirectory();
    RunOf again = run("stopped", FinalExportTest::write);
    assertThat(again.resume().status()).isEqualTo("finished");
    assertThat(run.folder().resolve("encoders/a")).exists();
    assertThat(run.folder().resolve("encoders/b")).exists();
  }
}
