package mmct.text.paraphrase;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Draws the texts of a step from the captions of one sample.
///
/// @param source gives each drawn caption its second text
/// @param noise is applied to every text, each time anew
public record CaptionDraw(ParaphraseSource source, WordNoise noise) {
  /// The texts of a step.
  ///
  /// @param queries for the query encoder, each of a different caption
  /// @param keys for the momentum encoder, each of a different caption
  public record Texts(List<String> queries, List<String> keys) {}

  /// Draws texts: the captions in random order, each with its second text.
  ///
  /// @param queries the most texts for the query encoder; fewer where there are fewer captions
  /// @param keys the most texts for the momentum encoder; fewer where there are fewer captions
  /// @param seed the only source of randomness
  public Texts draw(List<String> captions, int queries, int keys, long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    int[] order = order(captions.size(), random);
    Texts texts = new Texts(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < Math.min(order.length, Math.max(queries, keys)); i++) {
      String other = captions.get(order[(i + queries) % order.length]);
      ParaphraseSource.Pair pair = source.pair(captions.get(order[i]), other, random);
      if (i < queries) {
        texts.queries.add(noise.apply(pair.query(), random));
      }
      if (i < keys) {
        texts.keys.add(noise.apply(pair.key(), random));
      }
    }
    return texts;
  }

  private static int[] order(int size, RandomGenerator random) {
    int[] order = IntStream.range(0, size).toArray();
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
