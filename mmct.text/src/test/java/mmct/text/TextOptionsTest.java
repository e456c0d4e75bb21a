package mmct.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import mmct.api.config.ConfigurationException;
import mmct.api.config.YamlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextOptionsTest {
  @Test
  void nothingNeedBeSaid() {
    TextOptions options = bind("{}");

    assertThat(options.encoder().type()).isEqualTo(TextOptions.EncoderType.TRANSFORMER);
    assertThat(options.maxLength()).isEqualTo(40);
    assertThat(options.vocabulary().lowercase()).isTrue();
    assertThat(options.vocabulary().minFrequency()).isEqualTo(2);
    assertThat(options.augment().source()).isEqualTo(TextOptions.Source.OTHER_CAPTION);
  }

  @Test
  void oneWordIsEnoughForEachGroup() {
    TextOptions options = bind("{encoder: bert-base, vocabulary: v.txt, augment: same-caption}");

    assertThat(options.encoder().type()).isEqualTo(TextOptions.EncoderType.BERT_BASE);
    assertThat(options.vocabulary().file())
        .isEqualTo(Optional.of(Path.of("v.txt").toAbsolutePath()));
    assertThat(options.augment().source()).isEqualTo(TextOptions.Source.SAME_CAPTION);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{encoder: {type: bert-base, depth: 3}} | encoder: depth is not a setting of type bert-base but was"
            + " set to 3",
        "{encoder: {type: gru, heads: 3}} | encoder: heads is not a setting of type gru but was"
            + " set to 3",
        "{encoder: {type: gru, dropout: 0.5}} | encoder: dropout is not a setting of type gru but was"
            + " set to 0.5",
        "{encoder: {words: 5}} | encoder: words is not a setting of type transformer but was"
            + " set to 5",
        "{encoder: {width: 10}} | encoder: width must be a multiple of heads but was 10 with 4 heads",
        "{encoder: lstm} | encoder.type must be one of bert-base, bert-small, transformer, gru"
            + " but was 'lstm'",
        "{augment: back-translation} | augment: source back-translation needs a file but none is set",
        "{augment: {file: /a.jsonl}} | augment: file is not a setting of source other-caption but was"
            + " set to /a.jsonl",
        "{maxLength: 2} | maxLength must be at least 3 and at most 512 but was 2 (c.yaml:1)",
        "{augment: {wordDropout: 1}} | augment.wordDropout must be at least 0 and below 1 but was 1",
      })
  void whatDoesNotFitIsRefused(String yaml, String message) {
    assertThatThrownBy(() -> bind(yaml))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }

  private static TextOptions bind(String yaml) {
    return YamlReader.read(yaml, "c.yaml").bind(TextOptions.class);
  }
}
