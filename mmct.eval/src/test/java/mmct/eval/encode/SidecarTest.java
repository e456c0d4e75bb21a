package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.spi.Catalogue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An encoder from elsewhere, whose file says nothing, is fed as its sidecar says.
class SidecarTest {
  /// a is 5, dog 6, cat 7.
  private static final String VOCABULARY = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\ncat\n";

  private static final String KEYS =
      """
      type: text
      modality: caption
      option: {vocabulary: words.txt, maxLength: 12}
      inputs: [input_ids]
      fill: {attention_mask: mask, token_type_ids: zeros}
      padding: 0
      output: last_hidden_state
      width: 3
      """;

  private static final List<Cell> CELLS =
      List.of(Cell.Strings.of("a dog", "cat"), Cell.Strings.of("a a a"));

  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void export() throws IOException {
    model = folder.resolve("theirs.onnx");
    ForeignModels.tokens(model);
    Files.writeString(folder.resolve("words.txt"), VOCABULARY);
  }

  @BeforeEach
  void withoutSidecar() throws IOException {
    Files.deleteIfExists(sidecar());
  }

  private static Path sidecar() {
    return folder.resolve("theirs.onnx.yaml");
  }

  private static OnnxEncoder open(String yaml) throws IOException {
    Files.writeString(sidecar(), yaml);
    return OnnxEncoder.open(model, TinyEncoders.quickly(), Catalogue.load());
  }

  @Test
  void theFirstTokensVectorIsThatOfTheStart() throws IOException {
    try (OnnxEncoder encoder = open(KEYS + "pool: first\n")) {
      assertThat(encoder.encode(CELLS))
          .containsExactly(
              new float[] {2.5f, 20.5f, 200.5f},
              new float[] {2.5f, 20.5f, 200.5f},
              new float[] {2.5f, 20.5f, 200.5f});
    }
  }

  @Test
  void theMeanIsOverTheTokensThatAreThere() throws IOException {
    try (OnnxEncoder encoder = open(KEYS + "pool: mean\n")) {
      List<float[]> rows = encoder.encode(CELLS);
      // [CLS] a dog [SEP], [CLS] cat [SEP], [CLS] a a a [SEP]
      assertThat(rows.get(0)[0]).isEqualTo((2 + 5 + 6 + 3) / 4f + 0.5f);
      assertThat(rows.get(1)[0]).isEqualTo((2 + 7 + 3) / 3f + 0.5f);
      assertThat(rows.get(2)[1]).isEqualTo(10 * (2 + 15 + 3) / 5f + 0.5f);
    }
  }

  @Test
  void featuresOfASpaceGetTheLengthOneThatTheFileDoesNotGiveThem() throws IOException {
    try (OnnxEncoder encoder = open(KEYS + "pool: first\nspace: common\n")) {
      float[] row = encoder.encode(CELLS).getFirst();
      double norm = Math.sqrt(2.5 * 2.5 + 20.5 * 20.5 + 200.5 * 200.5);
      assertThat(row[2])
          .isCloseTo((float) (200.5 / norm), org.assertj.core.data.Offset.offset(1e-6f));
    }
  }

  @Test
  void aSidecarMayHaveAnyNameAndItsPathsStartFromItsFolder() throws IOException {
    Path other = Files.createDirectories(folder.resolve("elsewhere")).resolve("bert.yaml");
    Files.writeString(other, KEYS.replace("words.txt", "../words.txt") + "pool: first\n");
    try (OnnxEncoder encoder =
        OnnxEncoder.open(model, Optional.of(other), TinyEncoders.quickly(), Catalogue.load())) {
      assertThat(encoder.encode(CELLS)).hasSize(3);
      assertThat(encoder.description().name()).isEqualTo("caption");
    }
  }

  private static void assertRefused(String yaml, String sentence) {
    assertThatThrownBy(
            () -> {
              try (OnnxEncoder encoder = open(yaml)) {
                encoder.encode(CELLS);
              }
            })
        .isInstanceOf(MmctException.class)
        .message()
        .contains(sentence)
        .hasLineCount(1);
  }

  @Test
  void whatDoesNotFitTheFileIsOneSentence() {
    assertRefused(KEYS + "pooling: mean\n", "pooling is not a known key (" + sidecar() + ":9)");
    assertRefused(
        KEYS + "pool: best\n",
        "pool must be one of none, first, last, mean, max, end-of-text but was 'best'");
    assertRefused(
        KEYS.replace("padding: 0\n", ""),
        "padding must say which id fills rows up, for fill mask, but is missing");
    assertRefused(
        KEYS.replace(", token_type_ids: zeros", ""),
        "the inputs of %s are [attention_mask, input_ids, token_type_ids]".formatted(model));
    assertRefused(
        KEYS.replace("last_hidden_state", "pooled"),
        "has no output 'pooled'; outputs: last_hidden_state");
    assertRefused(KEYS.replace("width: 3", "width: 4") + "pool: mean\n", "[rows, length, 4]");
    assertRefused(KEYS, "has the shape");
    assertRefused(
        KEYS.replace("words.txt", "none.txt"), "none.txt cannot be read: there is no such file");
    assertRefused("- just\n- a list\n", "a configuration is a group of keys");
  }
}
