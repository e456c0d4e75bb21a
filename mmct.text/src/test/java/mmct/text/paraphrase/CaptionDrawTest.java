package mmct.text.paraphrase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaptionDrawTest {
  private static final List<String> FIVE = List.of("a", "b", "c", "d", "e");

  private final CaptionDraw others =
      new CaptionDraw(ParaphraseSource.OTHER_CAPTION, new WordNoise(0, 0));
  private final CaptionDraw same =
      new CaptionDraw(ParaphraseSource.SAME_CAPTION, new WordNoise(0, 0));

  @Test
  void theSecondViewIsOfAnotherCaption() {
    Set<String> pairs = new HashSet<>();
    for (int seed = 0; seed < 1000; seed++) {
      CaptionDraw.Texts texts = others.draw(FIVE, 1, 1, seed);
      assertThat(texts.queries()).hasSize(1);
      assertThat(texts.keys()).hasSize(1).doesNotContainAnyElementsOf(texts.queries());
      pairs.add(texts.queries().getFirst() + texts.keys().getFirst());
    }
    assertThat(pairs).as("all pairs of two of five captions come up").hasSize(20);
  }

  @Test
  void oneCaptionIsItsOwnSecondView() {
    assertThat(others.draw(List.of("a"), 1, 1, 5))
        .isEqualTo(new CaptionDraw.Texts(List.of("a"), List.of("a")));
  }

  @Test
  void theSameCaptionServesBothViewsWhereThatIsAskedFor() {
    for (int seed = 0; seed < 100; seed++) {
      CaptionDraw.Texts texts = same.draw(FIVE, 1, 1, seed);
      assertThat(texts.keys()).isEqualTo(texts.queries());
    }
  }

  @Test
  void severalViewsAreOfDifferentCaptionsAndAsManyAsThereAre() {
    for (int seed = 0; seed < 100; seed++) {
      for (CaptionDraw draw : List.of(others, same)) {
        assertThat(draw.draw(FIVE, 5, 3, seed).queries()).containsExactlyInAnyOrderElementsOf(FIVE);
        assertThat(draw.draw(FIVE, 5, 3, seed).keys()).hasSize(3).doesNotHaveDuplicates();
        assertThat(draw.draw(List.of("a", "b"), 5, 1, seed).queries())
            .containsExactlyInAnyOrder("a", "b");
        assertThat(draw.draw(FIVE, 0, 2, seed).queries()).isEmpty();
        assertThat(draw.draw(FIVE, 0, 2, seed).keys()).hasSize(2).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void keysRepeatNoQueryWhileThereAreOtherCaptions() {
    for (int seed = 0; seed < 100; seed++) {
      CaptionDraw.Texts texts = others.draw(FIVE, 2, 3, seed);
      List<String> all = new ArrayList<>(texts.queries());
      all.addAll(texts.keys());
      assertThat(all).containsExactlyInAnyOrderElementsOf(FIVE);
    }
  }

  @Test
  void everyTextHasItsOwnNoise() {
    CaptionDraw noisy = new CaptionDraw(ParaphraseSource.SAME_CAPTION, new WordNoise(0.5, 0));
    CaptionDraw.Texts texts = noisy.draw(List.of("a b c d e f g h i j k l m n o p"), 1, 1, 3);

    assertThat(texts.keys()).isNotEqualTo(texts.queries());
  }
}
