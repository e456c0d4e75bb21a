package mmct.text.paraphrase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WordNoiseTest {
  private static final String TEXT = "a b c d e f g h i j";

  private final RandomGenerator random = new SplittableRandom(1);

  @Test
  void noNoiseLeavesTheTextAsItIs() {
    assertThat(new WordNoise(0, 0).apply("  as  it\tis ", random)).isEqualTo("  as  it\tis ");
  }

  @Test
  void droppedWordsAreAsManyAsTheProbabilitySays() {
    WordNoise noise = new WordNoise(0.3, 0);
    double kept = 0;
    for (int i = 0; i < 2000; i++) {
      List<String> words = words(noise.apply(TEXT, random));
      assertThat(words).isSubsetOf(words(TEXT)).isSorted().doesNotHaveDuplicates();
      kept += words.size();
    }
    assertThat(kept / 2000).isCloseTo(7, within(0.2));
  }

  @Test
  void oneWordAlwaysStays() {
    WordNoise noise = new WordNoise(0.999, 0);
    for (int i = 0; i < 100; i++) {
      assertThat(noise.apply(TEXT, random)).isNotBlank();
    }
  }

  @Test
  void swappedWordsAreTheSameWords() {
    WordNoise noise = new WordNoise(0, 0.5);
    int changed = 0;
    for (int i = 0; i < 100; i++) {
      List<String> words = words(noise.apply(TEXT, random));
      assertThat(words).containsExactlyInAnyOrderElementsOf(words(TEXT));
      changed += words.equals(words(TEXT)) ? 0 : 1;
    }
    assertThat(changed).isGreaterThan(90);
  }

  @Test
  void aCertainSwapMovesTheFirstWordToTheEnd() {
    assertThat(new WordNoise(0, 1).apply("a b c", random)).isEqualTo("b c a");
  }

  @Test
  void aTextWithoutWordsStaysOne() {
    assertThat(new WordNoise(0.5, 0.5).apply("  ", random)).isEmpty();
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" "));
  }
}
