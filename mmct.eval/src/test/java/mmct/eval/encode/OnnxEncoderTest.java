package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.data.BrokenCellException;
import mmct.api.data.Cell;
import mmct.api.spi.Catalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An encoder that is opened from its file alone gives what the block gave that it was made of.
class OnnxEncoderTest {
  private static final String VOCABULARY =
      "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\ncat\nruns\n##s\n🐚\n,\n";

  @TempDir private Path folder;

  private static OnnxEncoder open(Path file) {
    return OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load());
  }

  /// Both, and how far they are apart as a share of the largest magnitude.
  private static void assertSame(List<float[]> actual, List<float[]> expected) {
    assertThat(actual).hasSameSizeAs(expected).isNotEmpty();
    double largest = 0;
    double difference = 0;
    for (int row = 0; row < actual.size(); row++) {
      assertThat(actual.get(row)).hasSameSizeAs(expected.get(row));
      for (int i = 0; i < actual.get(row).length; i++) {
        largest = Math.max(largest, Math.abs(expected.get(row)[i]));
        difference = Math.max(difference, Math.abs(expected.get(row)[i] - actual.get(row)[i]));
      }
    }
    assertThat(difference / largest).isLessThan(1e-4);
    assertThat(actual.getFirst()).isNotEqualTo(actual.getLast());
  }

  @Test
  void picturesAreDecodedCutAndEncodedAsByTheBlock() throws IOException {
    TinyEncoders.Exported exported =
        TinyEncoders.export(
            "image", "{encoder: resnet18, size: 32, mean: [0.1, 0.2, 0.3]}", Map.of(), folder);
    Path file = Files.write(folder.resolve("a.bmp"), Bitmaps.noise(90, 50, 1));
    List<Cell> cells = new ArrayList<>(List.of(new Cell.File(file)));
    for (int i = 0; i < 8; i++) {
      cells.add(new Cell.Bytes(Bitmaps.noise(40 + 5 * i, 60, i), "p" + i));
    }
    try (OnnxEncoder encoder = open(exported.file())) {
      assertSame(encoder.encode(cells), exported.expected(cells));
      assertThat(encoder.description().rule().text("size")).contains("32");
      assertThat(encoder.description().rule().text("mean")).contains("[0.1, 0.2, 0.3]");
      assertThat(encoder.description().option().child("encoder").text("type")).contains("resnet18");
    }
  }

  @Test
  void textsOfAnyLengthAreCutIntoTheTokensOfTheFilesOwnVocabulary() {
    List<Cell> cells =
        List.of(
            Cell.Strings.of("a dog runs", "Cats, cats, cats, cats, cats, cats"),
            Cell.Strings.of("🐚"),
            Cell.Strings.of("", "what is this", "dogs run"));
    for (String network :
        List.of("{type: transformer, width: 16, heads: 2}", "{type: gru, width: 9, words: 6}")) {
      TinyEncoders.Exported exported =
          TinyEncoders.export(
              "text",
              "{maxLength: 8, encoder: %s}".formatted(network),
              Map.of("vocabulary.txt", VOCABULARY),
              folder);
      try (OnnxEncoder encoder = open(exported.file())) {
        assertThat(encoder.encode(cells)).hasSize(6);
        assertSame(encoder.encode(cells), exported.expected(cells));
        assertThat(encoder.description().length())
            .contains(new EncoderDescription.LengthRange(1, 8));
      }
    }
  }

  @Test
  void tagsAreEncodedAsByTheBlock() {
    TinyEncoders.Exported exported = TinyEncoders.tags(folder);
    List<Cell> cells =
        List.of(Cell.Strings.of("sun", "sea"), Cell.Strings.of("moon"), Cell.Strings.of("sand"));
    try (OnnxEncoder encoder = open(exported.file())) {
      assertSame(encoder.encode(cells), exported.expected(cells));
      assertThat(encoder.description().origin().text("run")).contains("tiny");
    }
  }

  @Test
  void aCellThatCannotBeReadIsNamed() {
    TinyEncoders.Exported exported =
        TinyEncoders.export("image", "{encoder: resnet18, size: 16}", Map.of(), folder);
    try (OnnxEncoder encoder = open(exported.file())) {
      assertThatThrownBy(
              () -> encoder.encode(List.of(new Cell.Bytes(new byte[] {1, 2, 3}, "noise.jpg"))))
          .isInstanceOf(BrokenCellException.class)
          .hasMessageContaining("noise.jpg");
      assertThatThrownBy(() -> encoder.encode(List.of(Cell.Strings.of("a text"))))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("reads picture files");
    }
  }

  @Test
  void aFileWithoutKeysSaysWhereTheyCouldStand() throws IOException {
    Path file = folder.resolve("foreign.onnx");
    ForeignModels.tokens(file);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            file
                + " does not say how it is fed: type is required but missing; foreign.onnx.yaml can"
                + " say it");
  }

  @Test
  void aModalityThatNobodyProvidesIsNamedWithTheFile() throws IOException {
    Path file = TinyEncoders.tags(folder).file();
    Files.writeString(folder.resolve("tags.onnx.yaml"), "type: tagz\n");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("there is no modality 'tagz'; did you mean tags?")
        .hasMessageContaining("tags.onnx");
  }

  @Test
  void optionsThatTheProviderDoesNotKnowAreRefused() throws IOException {
    Path file = TinyEncoders.tags(folder).file();
    Files.writeString(folder.resolve("tags.onnx.yaml"), "option: {dropTag: 0.1}\n");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("option.dropTag is not a known key")
        .hasMessageContaining("did you mean dropTags?");
  }

  @Test
  void picturesOfAnotherSizeThanTheFileReadsAreRefusedWithBothSizes() throws IOException {
    Path file =
        TinyEncoders.export("image", "{encoder: resnet18, size: 16}", Map.of(), folder).file();
    Files.writeString(folder.resolve("image.onnx.yaml"), "option: {size: 24}\n");
    try (OnnxEncoder encoder = open(file)) {
      assertThatThrownBy(
              () -> encoder.encode(List.of(new Cell.Bytes(Bitmaps.noise(30, 30, 1), "p"))))
          .isInstanceOf(MmctException.class)
          .hasMessage(
              "input pixels of %s reads arrays of shape [any, 3, 16, 16] but image makes [1, 3, 24, 24] by its options"
                  .formatted(file));
    }
  }

  @Test
  void aModelThatOnnxRuntimeCannotReadIsNamedWithItsReasonInOneLine() throws IOException {
    Path file = TinyEncoders.tags(folder).file();
    String content = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertThat(content).contains("Relu");
    // Whoever changes a file takes its checksum away.
    String changed =
        content.replace("Relu", "Rely").replace("sealed", "s_aled").replace("sha256", "s_a_56");
    Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(file + " cannot be opened: ")
        .hasMessageContaining("Rely")
        .hasMessageNotContaining("Error code")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aGraphicsCardThatIsNotThereIsSaid() {
    Path file = TinyEncoders.tags(folder).file();
    EncodingOptions gpu = new EncodingOptions(EncodingOptions.Device.GPU, 1, 1, 4);
    assertThatThrownBy(() -> OnnxEncoder.open(file, gpu, Catalogue.load()))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("this ONNX Runtime cannot use a graphics card");
  }
}
