package mmct.text.wordpiece;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.io.ArtefactStore;
import mmct.api.io.AtomicFiles;
import mmct.api.io.RegularFiles;

/// Finds the vocabulary of a run: what the run has stored, else the configured file, else one that
/// is trained on the run's captions. Whatever it was, it is stored, so that a resumed or finished
/// run reads the same ids whatever has become of the file.
///
/// @param name the modality's name, for notes and errors
/// @param file the configured file
/// @param size the most tokens that training makes, and exactly those that a file must have
/// @param minFrequency how often a character or a pair must occur to become a token
/// @param lowercase whether words are lower case without accents
public record RunVocabulary(
    String name,
    Optional<Path> file,
    Optional<Integer> size,
    long minFrequency,
    boolean lowercase) {
  /// The name under which the vocabulary is stored.
  public static final String STORED = "vocabulary.txt";

  private static final int DEFAULT_SIZE = 8192;

  /// A file beyond this is not a vocabulary but something else by mistake.
  private static final long MAX_BYTES = 8L << 20;

  /// A look at this many captions tells how well a given vocabulary fits them.
  private static final long JUDGED = 20_000;

  /// Finds or makes the vocabulary.
  ///
  /// @param captions opens the training captions; empty where a finished run is opened without them
  public Vocabulary resolve(
      Optional<Supplier<Stream<String>>> captions, ArtefactStore store, Consumer<String> notes) {
    Optional<byte[]> stored = store.read(STORED);
    if (stored.isPresent()) {
      Vocabulary vocabulary = Vocabulary.parse(stored.get(), STORED + " of the run's " + name);
      if (captions.isPresent()) {
        requireSameFile(stored.get(), vocabulary);
      }
      note(vocabulary, "stored with the run", captions, notes);
      return vocabulary;
    }
    if (file.isPresent()) {
      Vocabulary vocabulary = read(file.get());
      store.write(STORED, vocabulary.toBytes());
      note(vocabulary, "from " + file.get(), captions, notes);
      return vocabulary;
    }
    Vocabulary vocabulary = train(captions, notes);
    store.write(STORED, vocabulary.toBytes());
    return vocabulary;
  }

  private Vocabulary read(Path path) {
    Vocabulary vocabulary = Vocabulary.parse(content(path), path.toString());
    if (size.isPresent() && size.get() != vocabulary.size()) {
      throw new MmctException(
          "the vocabulary of %s must have %d tokens but %s has %d"
              .formatted(name, size.get(), path, vocabulary.size()));
    }
    return vocabulary;
  }

  /// A run that was started with one vocabulary cannot go on with another: the ids would mean
  /// other words. A file that is gone does not matter, nor does any file to encoders that are
  /// trained already.
  private void requireSameFile(byte[] stored, Vocabulary vocabulary) {
    if (file.isEmpty() || !Files.exists(file.get())) {
      return;
    }
    Vocabulary configured = read(file.get());
    if (!Arrays.equals(configured.toBytes(), stored)) {
      throw new MmctException(
          "the run's %s was started with a vocabulary of %d tokens but %s is another one, of %d"
              .formatted(name, vocabulary.size(), file.get(), configured.size()));
    }
  }

  private static byte[] content(Path path) {
    try {
      if (Files.size(RegularFiles.require(path)) > MAX_BYTES) {
        throw new MmctException(
            "a vocabulary has at most %,d bytes but %s has %,d"
                .formatted(MAX_BYTES, path, Files.size(path)));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new MmctException(
          "the vocabulary %s cannot be read: %s".formatted(path, AtomicFiles.reason(e)), e);
    }
  }

  private Vocabulary train(Optional<Supplier<Stream<String>>> captions, Consumer<String> notes) {
    if (captions.isEmpty()) {
      throw new MmctException(
          "%s needs a vocabulary but the run has stored none, no file is configured and there are"
                  .formatted(name)
              + " no captions to train one on");
    }
    WordCounts words = count(captions.get(), Long.MAX_VALUE);
    if (words.texts() == 0) {
      throw new MmctException(
          name + " needs captions to train a vocabulary on but the training split has none");
    }
    Vocabulary vocabulary = VocabularyTrainer.train(words, size.orElse(DEFAULT_SIZE), minFrequency);
    notes.accept(line(vocabulary, "trained on", words));
    return vocabulary;
  }

  private void note(
      Vocabulary vocabulary,
      String origin,
      Optional<Supplier<Stream<String>>> captions,
      Consumer<String> notes) {
    captions.ifPresent(
        source -> notes.accept(line(vocabulary, origin + ", on", count(source, JUDGED))));
  }

  private WordCounts count(Supplier<Stream<String>> captions, long limit) {
    try (Stream<String> texts = captions.get()) {
      return WordCounts.of(texts.limit(limit), new BasicTokenizer(lowercase));
    }
  }

  private String line(Vocabulary vocabulary, String origin, WordCounts words) {
    WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary, lowercase);
    return String.format(
        Locale.ROOT,
        "%s: vocabulary of %,d tokens, %s %,d captions, spells %.2f %% of their %,d words",
        name,
        vocabulary.size(),
        origin,
        words.texts(),
        100 * words.coverage(tokenizer),
        words.total());
  }
}
