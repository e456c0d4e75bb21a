package mmct.text.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordPieceTokenizerTest {
  private final WordPieceTokenizer tokenizer =
      tokenizer("un", "want", "runn", "running", "##want", "##ed", "##ing", "##i", ",");

  @Test
  void theLongestTokenWinsFromLeftToRight() {
    assertThat(tokenizer.tokens("UNwanted, running"))
        .containsExactly("un", "##want", "##ed", ",", "running");
  }

  @Test
  void aWordThatCannotBeSpelledToItsEndIsOneUnknownToken() {
    assertThat(tokenizer.tokens("unwantedX running")).containsExactly("[UNK]", "running");
  }

  @Test
  void aWordOfMoreThanAHundredCodePointsIsUnknown() {
    WordPieceTokenizer letters = tokenizer("a", "##a", "𝔞", "##𝔞");
    assertThat(letters.tokens("a".repeat(100))).hasSize(100).doesNotContain("[UNK]");
    assertThat(letters.tokens("a".repeat(101))).containsExactly("[UNK]");
    assertThat(letters.tokens("𝔞".repeat(100))).hasSize(100).doesNotContain("[UNK]");
    assertThat(letters.tokens("𝔞".repeat(101))).containsExactly("[UNK]");
  }

  @Test
  void idsAreFramedAndCut() {
    assertThat(tokenizer.ids("unwanted running", 10)).containsExactly(2, 5, 9, 10, 8, 3);
    assertThat(tokenizer.ids("unwanted running", 6)).containsExactly(2, 5, 9, 10, 8, 3);
    assertThat(tokenizer.ids("unwanted running", 5)).containsExactly(2, 5, 9, 10, 3);
    assertThat(tokenizer.ids("unwanted running", 2)).containsExactly(2, 3);
    assertThat(tokenizer.ids("", 5)).containsExactly(2, 3);
  }

  @Test
  void specialTokensWrittenInATextAreText() {
    assertThat(tokenizer("[", "]", "mask").tokens("[MASK]")).containsExactly("[", "mask", "]");
  }

  @Test
  void tokensAreThoseOfTryingEveryEnd() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      TreeSet<String> tokens = new TreeSet<>();
      for (int i = 0; i < 12; i++) {
        tokens.add((random.nextBoolean() ? "##" : "") + word(random, 1 + random.nextInt(3)));
      }
      WordPieceTokenizer trie = tokenizer(tokens.toArray(String[]::new));
      for (int i = 0; i < 20; i++) {
        String word = word(random, 1 + random.nextInt(9));
        assertThat(trie.tokens(word)).as("%s in %s", word, tokens).isEqualTo(naive(word, tokens));
      }
    }
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append("ab".charAt(random.nextInt(2)));
    }
    return word.toString();
  }

  private static List<String> naive(String word, TreeSet<String> tokens) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    while (start < word.length()) {
      int end = word.length();
      String prefix = start == 0 ? "" : "##";
      while (end > start && !tokens.contains(prefix + word.substring(start, end))) {
        end--;
      }
      if (end == start) {
        return List.of("[UNK]");
      }
      pieces.add(prefix + word.substring(start, end));
      start = end;
    }
    return pieces;
  }

  private static WordPieceTokenizer tokenizer(String... tokens) {
    List<String> all = Stream.concat(Vocabulary.SPECIAL.stream(), Stream.of(tokens)).toList();
    return new WordPieceTokenizer(Vocabulary.of(all, "test"), true);
  }
}
