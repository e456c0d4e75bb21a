package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.nn.Blocks;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.View;
import mmct.api.spi.Backbone;
import mmct.api.spi.Feeding;
import mmct.api.spi.Modality;
import mmct.api.spi.TrainedEncoder;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private static final Feeding FEEDING =
      new Feeding(
          List.of("a", "b"), Optional.of(new Feeding.Lengths(2, 9)), Map.of("mean", "[0.5, 0.25]"));

  /// Metadata are of the feeding that is given; what reads cells does not matter.
  private static final Modality NO_READER =
      new Modality() {
        @Override
        public Views draw(Cell cell, ViewRequest request) {
          throw new AssertionError();
        }

        @Override
        public List<View> plain(Cell cell) {
          throw new AssertionError();
        }

        @Override
        public Optional<Backbone> newBackbone(boolean dropout) {
          return Optional.empty();
        }
      };

  private static TrainedEncoder encoder(Settings options, Map<String, byte[]> artefacts) {
    return new TrainedEncoder(
        "my tags",
        "my tags",
        "tags",
        options,
        artefacts,
        NO_READER,
        Blocks.identityBlock(),
        Blocks.identityBlock(),
        12,
        Optional.of("common"),
        true,
        Map.of("run", "12", "step", "40"));
  }

  private static EncoderDescription described(Map<String, String> texts) {
    return Metadata.read(texts, "f.onnx").settings().bind(EncoderDescription.class);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Settings options =
        YamlReader.read(
            """
            size: 224
            mean: [0.485, 1e-7]
            encoder: {type: bag, width: 8}
            words: {number: "12", yes: "true", sign: ",", empty: "", colon: "a: b", list: "[x", hash: "a #b"}
            """,
            "test");
    Map<String, String> texts = Metadata.of(encoder(options, Map.of()), FEEDING);

    assertThat(texts)
        .containsEntry("option.size", "224")
        .containsEntry("option.mean", "[0.485,1.0E-7]")
        .containsEntry("option.encoder.type", "bag")
        .containsEntry("inputs", "[\"a\",\"b\"]")
        .containsEntry("rule.mean", "[0.5, 0.25]")
        .containsEntry("origin.step", "40")
        .containsEntry("normalised", "true")
        .containsEntry("modality", "my tags");
    EncoderDescription read = described(texts);
    assertThat(read.option().toMap()).isEqualTo(options.toMap());
    assertThat(read.inputs()).containsExactly("a", "b");
    assertThat(read.length()).contains(new EncoderDescription.LengthRange(2, 9));
    assertThat(read.space()).contains("common");
    assertThat(read.momentum()).isTrue();
    assertThat(read.width()).isEqualTo(12);
    assertThat(read.origin().text("run")).contains("12");
  }

  @Test
  void filesOfTheModalityAreCarriedToTheByte() {
    byte[] text = "🐚\n\"ünï\"\r\n".getBytes(StandardCharsets.UTF_8);
    byte[] binary = {0, (byte) 0xff, (byte) 0xfe, 10};
    Map<String, byte[]> artefacts = new LinkedHashMap<>();
    artefacts.put("words.v1.txt", text);
    artefacts.put("table.bin", binary);

    Map<String, String> texts = Metadata.of(encoder(Settings.empty(), artefacts), FEEDING);

    assertThat(texts).containsKeys("artefact.words.v1.txt", "artefact-base64.table.bin");
    Metadata.Read read = Metadata.read(texts, "f.onnx");
    assertThat(read.artefacts().get("words.v1.txt")).isEqualTo(text);
    assertThat(read.artefacts().get("table.bin")).isEqualTo(binary);
  }

  @Test
  void textsOfOtherProgramsArePassedOver() {
    Map<String, String> texts =
        new LinkedHashMap<>(Metadata.of(encoder(Settings.empty(), Map.of()), FEEDING));
    texts.put("author", "somebody");
    texts.put("names.", "{0: 'x'}");
    texts.put("", "nothing");
    assertThat(described(texts).type()).isEqualTo("tags");
  }

  @Test
  void everyKeyThatIsNeededIsMissedByItsName() {
    Map<String, String> texts = Metadata.of(encoder(Settings.empty(), Map.of()), FEEDING);
    for (String key : List.of("type", "inputs", "output", "width")) {
      Map<String, String> less = new LinkedHashMap<>(texts);
      less.remove(key);
      assertThatThrownBy(() -> described(less))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining(key);
    }
  }

  @Test
  void aLaterVersionIsRefused() {
    Map<String, String> texts =
        new LinkedHashMap<>(Metadata.of(encoder(Settings.empty(), Map.of()), FEEDING));
    texts.put("version", "2");
    assertThatThrownBy(() -> described(texts))
        .hasMessageContaining("version must be at least 1 and at most 1 but was 2")
        .hasMessageContaining("metadata of f.onnx");
  }
}
