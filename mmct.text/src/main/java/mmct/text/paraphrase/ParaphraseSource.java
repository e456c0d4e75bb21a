package mmct.text.paraphrase;

import java.util.random.RandomGenerator;

/// Where the second text of a pair comes from.
@FunctionalInterface
public interface ParaphraseSource {
  /// Another caption of the same sample; the same one where the sample has only one.
  ParaphraseSource OTHER_CAPTION = (caption, other, random) -> new Pair(caption, other);

  /// The same caption; only dropout and word noise tell the two views apart.
  ParaphraseSource SAME_CAPTION = (caption, other, random) -> new Pair(caption, caption);

  /// Draws a pair.
  ///
  /// @param caption a caption of the sample, drawn at random
  /// @param other another one that no other pair of the draw begins with, where there are enough
  /// @param random the only source of randomness
  Pair pair(String caption, String other, RandomGenerator random);

  /// Two texts of one meaning.
  ///
  /// @param query what the query encoder reads
  /// @param key what the momentum encoder reads
  record Pair(String query, String key) {}
}
