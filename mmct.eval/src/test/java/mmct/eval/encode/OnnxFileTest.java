package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import mmct.api.MmctException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
  @TempDir private static Path folder;
  private static byte[] whole;

  @BeforeAll
  static void export() throws IOException {
    whole = Files.readAllBytes(TinyEncoders.tags(folder).file());
  }

  private static Path file(byte... content) throws IOException {
    return Files.write(folder.resolve("some.onnx"), content);
  }

  @Test
  void aWholeFileTellsWhatItWasGiven() throws IOException {
    assertThat(OnnxFile.metadata(file(whole)))
        .containsEntry("type", "tags")
        .containsEntry("artefact.tags.txt", TinyEncoders.TAGS)
        .containsEntry("width", "5");
  }

  @Test
  void aFileCutAnywhereIsRefusedOrTellsLessButNeverMore() throws IOException {
    // A cut between two parts leaves a smaller file of the same kind; what the graph needs is
    // missing then, or some of the metadata is.
    for (int length = 0; length < whole.length; length += length < 200 ? 1 : 97) {
      byte[] cut = Arrays.copyOf(whole, length);
      Path cutFile = file(cut);
      try {
        assertThat(OnnxFile.metadata(cutFile).size())
            .as("cut after %d bytes", length)
            .isLessThan(OnnxFile.metadata(file(whole)).size());
      } catch (MmctException e) {
        assertThat(e).hasMessageContaining("is no ONNX file, or only a part of one");
      }
    }
  }

  @Test
  void bytesOfSomethingElseAreRefused() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    byte[] noise = new byte[4096];
    random.nextBytes(noise);
    for (byte[] content :
        new byte[][] {
          {},
          noise,
          "\u0089PNG\r\n".getBytes(StandardCharsets.ISO_8859_1),
          "{}".getBytes(StandardCharsets.UTF_8)
        }) {
      Path foreign = file(content);
      assertThatThrownBy(() -> OnnxFile.metadata(foreign))
          .isInstanceOf(MmctException.class)
          .hasMessageStartingWith(foreign + " is no ONNX file, or only a part of one: ");
    }
  }

  @Test
  void aLengthThatLiesCostsNothing() throws IOException {
    // Version 9, then metadata of two thousand million bytes in a file of eight.
    Path lie = file(new byte[] {0x08, 0x09, 0x72, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f, 0});
    assertThatThrownBy(() -> OnnxFile.metadata(lie))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("a part of 268435455 bytes begins at byte 7 of 8");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThatThrownBy(() -> OnnxFile.metadata(folder.resolve("none.onnx")))
        .hasMessage("there is no encoder's file " + folder.resolve("none.onnx"));
    assertThatThrownBy(() -> OnnxFile.metadata(folder))
        .hasMessage(folder + " is a folder, not an encoder's file");
  }
}
