package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mmct.cli.terminal.Terminal;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `mmct export` of a run with pictures and captions to a format that holds pictures' encoders
// alone.
class ExportTest {
  private static final List<String> FILES =
      List.of(
          "image-detectron2.pkl",
          "image-faster-rcnn-R50-C4-voc-24k.yaml",
          "image-mask-rcnn-R50-FPN-coco-2x.yaml");
  private static final String REASON =
      "the format detectron2 holds residual networks but the encoder of caption is a ";

  @TempDir private static Path runs;
  private static Path run;
  private static String trained = "";

  @TempDir private Path scratch;
  private final StringWriter out = new StringWriter();
  private final StringWriter error = new StringWriter();

  @BeforeAll
  static void aRunOfPicturesAndCaptions() {
    run = runs.resolve("run");
    StringWriter words = new StringWriter();
    assertThat(
            Main.run(
                new Terminal(new PrintWriter(words), new PrintWriter(words), 0),
                ("train --device cpu --set steps=0 --set export=detectron2"
                        + " --set data.options.train=64 --set data.options.val=4"
                        + " --set data.options.test=4 --set modalities.image.size=32"
                        + " --set modalities.image.encoder.type=resnet50"
                        + " --set modalities.image.encoder.smallImageStem=false --out "
                        + run)
                    .split(" ")))
        .as(words::toString)
        .isZero();
    trained = words.toString();
  }

  private int export(String... more) {
    Stream<String> command =
        Stream.of("export", "--run", run.toString(), "--format", "detectron2", "--out");
    return Main.run(
        new Terminal(new PrintWriter(out, true), new PrintWriter(error, true), 0),
        Stream.of(command, Stream.of(scratch.resolve("out").toString()), Stream.of(more))
            .flatMap(words -> words)
            .toArray(String[]::new));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatTheFormatHoldsIsWrittenAndTheRestIsToldAndLeftOut() throws IOException {
    assertThat(export()).as(error::toString).isZero();
    assertThat(files(scratch.resolve("out"))).isEqualTo(FILES);
    assertThat(out.toString()).contains("caption left out: " + REASON, "image-detectron2.pkl");
    assertThat(error.toString()).isEmpty();
  }

  @Test
  void whereItHoldsNothingThatWasAskedForItIsRefused() {
    assertThat(export("--modality", "caption")).isEqualTo(1);
    assertThat(error.toString()).startsWith("mmct: " + REASON).hasLineCount(1);
    assertThat(scratch.resolve("out")).doesNotExist();
  }

  @Test
  void theLastActOfARunDoesTheSame() throws IOException {
    assertThat(trained)
        .contains("not exported caption: " + REASON)
        .doesNotContain("but the run is whole");
    assertThat(files(run.resolve("encoders"))).containsAll(FILES);
  }
}
