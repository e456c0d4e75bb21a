package mmct.text.wordpiece;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mmct.api.MmctException;
import org.junit.jupiter.api.Test;

class VocabularyTest {
  private static final String SPECIAL = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

  @Test
  void aFileReadAndWrittenIsTheSame() {
    byte[] file = (SPECIAL + "a\n##é\n漢\n\u2028x\n").getBytes(UTF_8);
    Vocabulary vocabulary = Vocabulary.parse(file, "v.txt");

    assertThat(vocabulary.size()).isEqualTo(9);
    assertThat(vocabulary.id("##é")).isEqualTo(6);
    assertThat(vocabulary.toBytes()).isEqualTo(file);
  }

  @Test
  void linesMayEndAsOnWindowsAndTheLastNeedNotEnd() {
    Vocabulary vocabulary =
        Vocabulary.parse((SPECIAL + "a\nb").replace("\n", "\r\n").getBytes(UTF_8), "v.txt");

    assertThat(vocabulary.tokens()).endsWith("[MASK]", "a", "b");
  }

  @Test
  void aByteOrderMarkAndBlankLinesAtTheEndAreNoTokens() {
    Vocabulary vocabulary =
        Vocabulary.parse(("\ufeff" + SPECIAL + "a\n\r\n\n").getBytes(UTF_8), "v.txt");

    assertThat(vocabulary.tokens()).startsWith("[PAD]").endsWith("[MASK]", "a").hasSize(6);
  }

  @Test
  void aMissingSpecialTokenIsNamed() {
    assertThatThrownBy(() -> parse("[PAD]\n[UNK]\n[CLS]\n[MASK]\na\n"))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "a vocabulary has the tokens [PAD] [UNK] [CLS] [SEP] [MASK] but v.txt lacks [SEP]");
  }

  @Test
  void aRepeatedTokenIsNamedWithItsLines() {
    assertThatThrownBy(() -> parse(SPECIAL + "a\nb\na\n"))
        .isInstanceOf(MmctException.class)
        .hasMessage("a vocabulary has every token once but 'a' is in line 6 and line 8 of v.txt");
  }

  @Test
  void anEmptyLineIsNamed() {
    assertThatThrownBy(() -> parse(SPECIAL + "a\n\nb\n"))
        .isInstanceOf(MmctException.class)
        .hasMessage("a vocabulary has one token per line but v.txt:7 is empty");
  }

  @Test
  void aFileThatIsNotTextIsRefused() {
    assertThatThrownBy(() -> Vocabulary.parse(new byte[] {'a', (byte) 0xff, '\n'}, "model.bin"))
        .isInstanceOf(MmctException.class)
        .hasMessage("a vocabulary is UTF-8 text but model.bin is not");
  }

  private static Vocabulary parse(String text) {
    return Vocabulary.parse(text.getBytes(UTF_8), "v.txt");
  }
}
