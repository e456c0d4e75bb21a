package mmct.cli.survival;

import static mmct.cli.survival.Refusal.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mmct.cli.PackagedProgram.Ended;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pictures that cannot be read are left out, counted and listed, up to a share of the samples.
class BrokenPicturesTest {
  @TempDir private Path folder;
  private Photos photos;
  private Run run;

  @BeforeEach
  void spoilThreePictures() throws IOException {
    TinyRuns.pictures(folder);
    photos = Photos.make(folder, 32).truncate(3).claimTooMuch(8);
    Files.delete(photos.picture(21));
    run = new Run(folder.resolve("run"));
  }

  /// Decoded, the picture that claims to be 50,000 pixels wide and high would take 7.5 GB.
  private Ended train(String... settings) throws IOException, InterruptedException {
    String[] arguments = new String[5 + 2 * settings.length];
    List.of("train", "--config", "pictures.yaml", "--out", "run").toArray(arguments);
    for (int i = 0; i < settings.length; i++) {
      arguments[5 + 2 * i] = "--set";
      arguments[6 + 2 * i] = settings[i];
    }
    return Program.in(folder).withJava("-Xmx200m").run(arguments);
  }

  @Test
  void theRunGoesOnWithoutThemAndListsEachOnceWithItsReason()
      throws IOException, InterruptedException {
    Ended ended = train("data.maxBroken=0.1", "checkpoints.everySteps=0");

    assertThat(ended.error()).isEmpty();
    assertThat(run.status()).isEqualTo("finished");
    assertThat(run.skipped())
        .extracting(line -> line.path("sample").asText())
        .containsExactlyInAnyOrder("s3", "s8", "s21");
    assertThat(run.skipped())
        .extracting(line -> line.path("reason").asText())
        .anyMatch(reason -> reason.contains("3.png is a truncated or damaged JPEG"))
        .anyMatch(reason -> reason.contains("8.png declares 50000 × 50000 pixels"))
        .anyMatch(reason -> reason.contains("21.png does not exist"));
  }

  @Test
  void tooManyStopTheRunWhichCanGoOnWithAHigherLimit() throws IOException, InterruptedException {
    Ended ended = train("data.maxBroken=0.05", "checkpoints.everySteps=0");

    assertRefused(
        ended, 1, "2 of 32 samples are broken, more than the share of 0.05", "data.maxBroken");
    assertThat(run.status()).isEqualTo("failed");
    assertThat(run.failure().path("reason").asText()).contains("2 of 32 samples are broken");
    assertThat(run.record().has("weights_sha256")).isFalse();
  }

  @Test
  void aCheckOfTheDataCountsThem() throws IOException, InterruptedException {
    Ended ended =
        Program.in(folder).withJava("-Xmx200m").run("data", "check", "--config", "pictures.yaml");

    assertRefused(ended, 1, "not all of the data can be used");
    assertThat(ended.out())
        .contains("train: 32 samples", "val: 8 samples", "missing: 1", "broken: 2")
        .contains("3.png", "8.png", "21.png");
  }
}
