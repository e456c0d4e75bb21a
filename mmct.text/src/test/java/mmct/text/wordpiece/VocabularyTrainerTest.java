package mmct.text.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocabularyTrainerTest {
  /// The textbook corpus of byte-pair encoding: hug, pug, pun, bun, hugs.
  private static final Map<String, Long> HUGS =
      Map.of("hug", 10L, "pug", 5L, "pun", 12L, "bun", 4L, "hugs", 5L);

  @Test
  void theMostFrequentPairIsMergedFirst() {
    Vocabulary vocabulary = train(HUGS, 100, 1);

    // Pairs: u g 20, u n 16, h ug 15, p un 12, p ug 5 (p came before hug), hug s 5, b un 4.
    assertThat(vocabulary.tokens())
        .containsExactly(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "b", "g", "h", "n", "p", "s", "u", "##b",
            "##g", "##h", "##n", "##p", "##s", "##u", "##ug", "##un", "hug", "pun", "pug", "hugs",
            "bun");
  }

  @Test
  void trainingStopsAtTheSizeAndAtTheFrequency() {
    assertThat(train(HUGS, 22, 1).tokens()).hasSize(22).endsWith("##ug", "##un", "hug");

    Map<String, Long> frequentLetters = new HashMap<>(HUGS);
    frequentLetters.put("b", 12L);
    frequentLetters.put("s", 12L);
    assertThat(train(frequentLetters, 100, 12).tokens()).endsWith("##ug", "##un", "hug", "pun");
  }

  @Test
  void rareCharactersAreLeftOut() {
    Vocabulary vocabulary = train(Map.of("aa", 5L, "é", 1L), 100, 2);

    assertThat(vocabulary.tokens()).contains("a", "##a", "aa").doesNotContain("é", "##é");
  }

  @Test
  void theAlphabetLeavesRoomInASmallVocabulary() {
    Map<String, Long> words = new HashMap<>();
    for (int c = 'a'; c <= 'z'; c++) {
      words.put(Character.toString(c), 100L - c + 'a');
    }
    assertThat(train(words, 25, 1).tokens()).hasSize(25).contains("a", "##j").doesNotContain("k");
  }

  @Test
  void punctuationAndIdeographsHaveNoSecondForm() {
    Vocabulary vocabulary = train(Map.of("漢", 3L, ",", 3L, "a", 3L), 100, 1);

    assertThat(vocabulary.tokens()).contains("漢", ",", "##a").doesNotContain("##漢", "##,");
  }

  @Test
  void theOrderOfTheWordsDoesNotMatter() {
    Map<String, Long> forwards = randomWords(3, 300);
    Map<String, Long> backwards = new LinkedHashMap<>();
    new ArrayList<>(forwards.keySet())
        .reversed()
        .forEach(word -> backwards.put(word, forwards.getOrDefault(word, 0L)));

    assertThat(train(backwards, 200, 1).tokens()).isEqualTo(train(forwards, 200, 1).tokens());
  }

  @Test
  void countsKeptUpToDateGiveTheMergesOfCountingAnew() {
    for (int seed = 0; seed < 20; seed++) {
      Map<String, Long> words = randomWords(seed, 40);
      assertThat(train(words, 60, 2).tokens()).isEqualTo(NaiveTrainer.train(words, 60, 2));
    }
  }

  @Test
  void everyTrainingWordCanBeSpelled() {
    Map<String, Long> words = randomWords(5, 500);
    Vocabulary vocabulary = train(words, 300, 1);

    assertThat(new WordCounts(words, 1).coverage(new WordPieceTokenizer(vocabulary, true)))
        .isEqualTo(1);
  }

  @Test
  void coverageCountsOccurrencesNotWords() {
    WordCounts words = new WordCounts(Map.of("aaa", 3L, "b", 1L), 4);
    Vocabulary vocabulary = train(Map.of("aaa", 3L), 100, 1);

    assertThat(words.coverage(new WordPieceTokenizer(vocabulary, true))).isEqualTo(0.75);
  }

  @Test
  void ahundredThousandCaptionsTakeSeconds() {
    Random random = new Random(1);
    List<String> words = new ArrayList<>(randomWords(9, 20_000).keySet());
    List<String> captions =
        IntStream.range(0, 100_000)
            .mapToObj(
                i -> {
                  StringBuilder caption = new StringBuilder();
                  for (int j = 0; j < 12; j++) {
                    double skew = Math.pow(random.nextDouble(), 3);
                    caption.append(words.get((int) (words.size() * skew))).append(' ');
                  }
                  return caption.toString();
                })
            .toList();

    Vocabulary vocabulary =
        assertTimeoutPreemptively(
            Duration.ofSeconds(30),
            () ->
                VocabularyTrainer.train(
                    WordCounts.of(captions.stream(), new BasicTokenizer(true)), 8192, 2));

    assertThat(vocabulary.size()).isEqualTo(8192);
  }

  private static Vocabulary train(Map<String, Long> words, int size, int minFrequency) {
    return VocabularyTrainer.train(new WordCounts(words, words.size()), size, minFrequency);
  }

  private static Map<String, Long> randomWords(int seed, int count) {
    Random random = new Random(seed);
    Map<String, Long> words = new LinkedHashMap<>();
    while (words.size() < count) {
      StringBuilder word = new StringBuilder();
      for (int i = random.nextInt(9); i >= 0; i--) {
        word.append((char) ('a' + (int) (8 * Math.pow(random.nextDouble(), 2))));
      }
      words.put(word.toString(), 1L + random.nextInt(50));
    }
    return words;
  }
}
