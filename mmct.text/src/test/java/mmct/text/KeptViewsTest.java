package mmct.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mmct.api.data.View;
import org.junit.jupiter.api.Test;

/// Views of texts are made once, as far as they may be kept.
class KeptViewsTest {
  private final List<String> made = new ArrayList<>();

  @Test
  void textIsTokenizedOnce() {
    KeptViews kept = new KeptViews(1000);

    View first = kept.get("a dog", this::view);
    assertThat(kept.get("a " + "dog", this::view)).isSameAs(first);
    assertThat(kept.get("a cat", this::view)).isNotSameAs(first);
    assertThat(made).containsExactly("a dog", "a cat");
  }

  @Test
  void whatCameFirstStaysAndTheRestIsMadeEveryTime() {
    KeptViews kept = new KeptViews(50); // two of 4 ids and what they need around them
    for (int epoch = 0; epoch < 2; epoch++) {
      for (String text : List.of("a", "b", "c")) {
        kept.get(text, this::view);
      }
    }

    assertThat(made).containsExactly("a", "b", "c", "c");
  }

  private View view(String text) {
    made.add(text);
    return View.of(new long[4], 4);
  }
}
