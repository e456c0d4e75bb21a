package mmct.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import org.junit.jupiter.api.Test;

class PathWordsTest {
  private static final InvalidPathException UNMAPPABLE =
      new InvalidPathException(
          "\u00fc.jpg", "Malformed input or input contains unmappable characters");

  @Test
  void aLocaleThatLacksALetterIsNamedWithTheRemedy() {
    assertThat(PathWords.reason(UNMAPPABLE, StandardCharsets.US_ASCII))
        .contains("US-ASCII", "LC_ALL=C.UTF-8");
  }

  @Test
  void anotherReasonStaysWhatItIs() {
    InvalidPathException zero = new InvalidPathException("a\u0000b", "Nul character not allowed");
    assertThat(PathWords.reason(zero, StandardCharsets.UTF_8))
        .isEqualTo("Nul character not allowed");
    assertThat(PathWords.reason(zero)).isEqualTo("Nul character not allowed");
  }
}
