package mmct.text.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicTokenizerTest {
  private final BasicTokenizer uncased = new BasicTokenizer(true);
  private final BasicTokenizer cased = new BasicTokenizer(false);

  @Test
  void everyAsciiCharacterButLettersAndDigitsStandsAlone() {
    for (char c = '!'; c <= '~'; c++) {
      if (Character.isLetterOrDigit(c)) {
        assertThat(cased.words("a" + c + "b")).containsExactly("a" + c + "b");
      } else {
        assertThat(cased.words("a" + c + "b")).containsExactly("a", String.valueOf(c), "b");
      }
    }
  }

  @Test
  void lettersBecomeLowerCaseAndLoseTheirAccents() {
    assertThat(uncased.words("Él niño À la CARTE Ångström İstanbul"))
        .containsExactly("el", "nino", "a", "la", "carte", "angstrom", "istanbul");
  }

  @Test
  void aDecomposedLetterEqualsItsComposedForm() {
    assertThat(uncased.words("cafe\u0301")).isEqualTo(uncased.words("caf\u00e9"));
  }

  @Test
  void aCasedTokenizerKeepsCaseAndAccents() {
    assertThat(cased.words("Él niño")).containsExactly("Él", "niño");
  }

  @Test
  void everyIdeographStandsAloneButKanaAndHangulDoNot() {
    assertThat(uncased.words("推荐ひらab漢c")).containsExactly("推", "荐", "ひらab", "漢", "c");
    assertThat(cased.words("한국")).containsExactly("한국");
  }

  @Test
  void controlAndFormatCharactersVanishAndAllSeparatorsSeparate() {
    assertThat(uncased.words("a\u0000b\u200dc\ufffdd\u00ade")).containsExactly("abcde");
    assertThat(uncased.words("a\u00a0b\u2028c\u3000d\te\rf\ng"))
        .containsExactly("a", "b", "c", "d", "e", "f", "g");
  }

  @Test
  void controlCharactersOfAsciiVanishToo() {
    assertThat(uncased.words("a\u0007B\u007fc \u001b[1m")).containsExactly("abc", "[", "1m");
  }

  @Test
  void aSigmaIsFinalAtTheEndOfAWordOnly() {
    assertThat(uncased.words("ΟΔΥΣΣΕΥΣ ΣΑΣ' Σ ΑΣ.Α"))
        .containsExactly("οδυσσευς", "σας", "'", "σ", "ασ", ".", "α");
  }

  @Test
  void unicodePunctuationStandsAlone() {
    assertThat(uncased.words("«да»—нет…")).containsExactly("«", "да", "»", "—", "нет", "…");
  }

  @Test
  void marksInALongTextKeepTheirPlaceWhereverSegmentsEnd() {
    // Two spacing marks that decomposition reorders, after texts of every length around a segment.
    String marks = "\u302e" + Character.toString(0x1d165);
    for (int length = 500; length < 530; length++) {
      String word = cased.words("é".repeat(length)).getFirst();
      assertThat(uncased.words(word + marks).getFirst())
          .isEqualTo("e".repeat(length) + Character.toString(0x1d165) + "\u302e");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "\u0301\u0316",
        "Σ",
        "Σ.",
        "1Σ",
        "漢",
        "!",
        "é",
        "\ud800",
        "ﷺ",
        "a\u0301 ",
        " "
      })
  void twoMillionCharactersOfAnythingTakeSeconds(String unit) {
    String hostile = unit.repeat((2 << 20) / unit.length());
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> uncased.words(hostile));
  }
}
