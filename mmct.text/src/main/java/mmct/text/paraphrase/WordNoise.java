package mmct.text.paraphrase;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Drops and swaps words, as in easy data augmentation (Wei & Zou 2019). It does not keep a text's
/// meaning as a paraphrase does.
///
/// @param dropout the probability with which each word is left out; one word always stays
/// @param swap the probability with which each word changes places with its right neighbour
public record WordNoise(double dropout, double swap) {
  /// Whether texts stay as they are.
  public boolean isNone() {
    return dropout == 0 && swap == 0;
  }

  /// A text with noise; without any, the text itself.
  public String apply(String text, RandomGenerator random) {
    if (isNone()) {
      return text;
    }
    List<String> words = List.of(text.strip().split("\\s+"));
    List<String> kept = new ArrayList<>(words.size());
    for (String word : words) {
      if (random.nextDouble() >= dropout) {
        kept.add(word);
      }
    }
    if (kept.isEmpty()) {
      kept.add(words.get(random.nextInt(words.size())));
    }
    for (int i = 1; i < kept.size(); i++) {
      if (random.nextDouble() < swap) {
        Collections.swap(kept, i - 1, i);
      }
    }
    return String.join(" ", kept);
  }
}
