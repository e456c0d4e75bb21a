package mmct.text.paraphrase;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Captions translated into other languages and back (Sennrich et al. 2016), precomputed. The two
/// texts of a pair are drawn without replacement from a caption and its back-translations.
public final class BackTranslations implements ParaphraseSource {
  private final Map<CaptionHash, List<String>> texts;
  private final ParaphraseSource fallback;
  private final String summary;

  private BackTranslations(
      Map<CaptionHash, List<String>> texts, ParaphraseSource fallback, String summary) {
    this.texts = texts;
    this.fallback = fallback;
    this.summary = summary;
  }

  /// Reads a file of one JSON object per line, with the texts `hash`, `language` and `text`.
  ///
  /// @param fallback gives the pairs of captions that have no back-translation
  /// @throws mmct.api.MmctException where the file cannot be read or a line is malformed; the
  ///     message names the line
  public static BackTranslations read(Path file, ParaphraseSource fallback) {
    BackTranslationFile content = BackTranslationFile.read(file);
    Set<String> languages = content.languages();
    String summary =
        String.format(
            Locale.ROOT,
            "%,d back-translations (%s) from %s, %,d equal to their caption left out",
            content.kept(),
            String.join(", ", languages),
            file,
            content.unchanged());
    return new BackTranslations(content.texts(), fallback, summary);
  }

  @Override
  public Pair pair(String caption, String other, RandomGenerator random) {
    List<String> translated = texts.get(CaptionHash.of(caption));
    if (translated == null) {
      return fallback.pair(caption, other, random);
    }
    int query = random.nextInt(translated.size() + 1);
    int key = random.nextInt(translated.size());
    return new Pair(
        version(caption, translated, query),
        version(caption, translated, key < query ? key : key + 1));
  }

  /// One line on what was read and how many of the captions given have at least one.
  public String report(Supplier<Stream<String>> captions) {
    long[] counts = new long[2];
    try (Stream<String> all = captions.get()) {
      all.forEach(
          caption -> {
            counts[0]++;
            counts[1] += texts.containsKey(CaptionHash.of(caption)) ? 1 : 0;
          });
    }
    return String.format(
        Locale.ROOT,
        "%s; %.2f %% of %,d captions have at least one",
        summary,
        100.0 * counts[1] / Math.max(counts[0], 1),
        counts[0]);
  }

  private static String version(String caption, List<String> translated, int index) {
    return index == 0 ? caption : translated.get(index - 1);
  }
}
