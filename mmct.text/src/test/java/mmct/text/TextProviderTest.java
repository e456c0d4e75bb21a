package mmct.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.HostArray;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextProviderTest {
  private static final Cell DOGS =
      Cell.Strings.of("a black dog runs", "the dog is black", "dogs run", "a dog in the snow");
  private static final Cell CATS = Cell.Strings.of("a white cat sleeps", "the cat is white");
  private static final String SPECIAL = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";

  private final ArtefactStore store = ArtefactStore.inMemory();
  private final List<String> notes = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void itIsFoundByName() {
    assertThat(Catalogue.load().modality("text")).isInstanceOf(TextProvider.class);
    assertThat(new TextProvider().columns())
        .isEqualTo(new Columns(List.of("caption", "caption_*"), Columns.Kind.STRINGS));
  }

  @Test
  void withoutAFileAVocabularyIsTrainedStoredAndReported() {
    Modality modality = create("vocabulary: {minFrequency: 1}");

    assertThat(notes)
        .containsExactly(
            "caption: vocabulary of "
                + storedTokens().size()
                + " tokens, trained on 6 captions, spells 100.00 % of their 23 words");
    assertThat(storedTokens())
        .startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
        .contains("dog", "black", "##a");
    assertThat(modality.plain(Cell.Strings.of("dog"))).hasSize(1);
  }

  @Test
  void aStoredVocabularyIsUsedRatherThanTrainedAgain() {
    create("{}");
    List<String> trained = storedTokens();
    Cell fresh = Cell.Strings.of("entirely different words here");

    Modality resumed = create("{}", Optional.of(Stream.of(fresh)));
    Modality finished = create("{}", Optional.empty());

    assertThat(storedTokens()).isEqualTo(trained);
    assertThat(ids(resumed.plain(DOGS).getFirst())).isEqualTo(ids(finished.plain(DOGS).getFirst()));
  }

  @Test
  void aFileIsCopiedIntoTheRunAndNotNeededAfterwards() throws IOException {
    Path file = vocabularyFile("a", "dog", "##s");
    create("vocabulary: " + file);
    Files.delete(file);

    Modality later = create("vocabulary: " + file, Optional.empty());

    assertThat(ids(later.plain(Cell.Strings.of("A dogs x")).getFirst()))
        .containsExactly(2, 5, 6, 7, 1, 3);
  }

  @Test
  void anotherFileThanTheRunsIsRefused() throws IOException {
    create("vocabulary: " + vocabularyFile("a", "dog"));
    Path other = vocabularyFile("a", "dog", "cat");

    assertThatThrownBy(() -> create("vocabulary: " + other))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "the run's caption was started with a vocabulary of 7 tokens but "
                + other
                + " is another one, of 8");
  }

  @Test
  void aFileOfTheWrongSizeIsRefused() throws IOException {
    Path file = vocabularyFile("a", "dog");

    assertThatThrownBy(() -> create("vocabulary: {file: " + file + ", size: 30522}"))
        .isInstanceOf(MmctException.class)
        .hasMessage("the vocabulary of caption must have 30522 tokens but " + file + " has 7");
  }

  @Test
  void noVocabularyAndNoCaptionsIsAnError() {
    assertThatThrownBy(() -> create("{}", Optional.empty()))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("caption needs a vocabulary");
    assertThatThrownBy(() -> create("{}", Optional.of(Stream.of())))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("training split has none");
    assertThatThrownBy(() -> create("vocabulary: " + folder.resolve("none.txt")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("none.txt");
  }

  @Test
  void sameSeedGivesTheSameViewsOnAnyNumberOfThreads() {
    Modality modality = create("augment: {wordDropout: 0.2, wordSwap: 0.2}");
    List<List<long[]>> alone =
        IntStream.range(0, 500).mapToObj(seed -> drawn(modality, seed)).toList();
    List<List<long[]>> together =
        IntStream.range(0, 500).parallel().mapToObj(seed -> drawn(modality, seed)).toList();

    assertThat(together).usingRecursiveComparison().isEqualTo(alone);
  }

  @Test
  void theTwoViewsAreOfTwoCaptions() {
    Modality modality = create("{}");
    for (int seed = 0; seed < 50; seed++) {
      List<long[]> drawn = drawn(modality, seed);
      assertThat(drawn.get(0)).isNotEqualTo(drawn.get(1));
    }
  }

  @Test
  void plainViewsAreAllCaptionsInOrder() {
    Modality modality = create("vocabulary: {minFrequency: 1}");
    List<View> plain = modality.plain(CATS);

    assertThat(plain).hasSize(2);
    assertThat(ids(plain.get(1)))
        .isEqualTo(ids(modality.plain(Cell.Strings.of("the cat is white")).getFirst()));
  }

  @Test
  void aBatchIsPaddedToItsLongest() throws IOException {
    Modality modality = create("vocabulary: " + vocabularyFile("a", "dog"));
    HostTensor batch =
        modality.collate(modality.plain(Cell.Strings.of("dog", "a dog dog"))).getFirst();

    assertThat(batch.shape()).isEqualTo(new Shape(2, 5));
    long[] ids = new long[10];
    batch.data().asLongBuffer().get(ids);
    assertThat(ids).containsExactly(2, 6, 3, 0, 0, 2, 5, 6, 6, 3);
  }

  @Test
  void longCaptionsAreCut() throws IOException {
    Modality modality = create("{maxLength: 4, vocabulary: " + vocabularyFile("a", "dog") + "}");

    assertThat(ids(modality.plain(Cell.Strings.of("a dog a dog")).getFirst()))
        .containsExactly(2, 5, 6, 3);
  }

  @Test
  void othersThanTextsAreRefused() {
    Modality modality = create("{}");

    assertThatThrownBy(() -> modality.plain(new Cell.File(Path.of("a.jpg"))))
        .isInstanceOf(MmctException.class)
        .hasMessage("caption reads text but was given File");
  }

  @Test
  void theCoverageOfBackTranslationsIsReported() throws IOException {
    Path file = Files.writeString(folder.resolve("back.jsonl"), "");
    create("augment: {source: back-translation, file: " + file + "}");

    assertThat(notes.getLast())
        .startsWith("caption: 0 back-translations")
        .endsWith("0.00 % of 6 captions have at least one");
  }

  @Test
  void everyEncoderHasTheWidthItSays() {
    assertBackbone("encoder: bert-base", 768);
    assertBackbone("encoder: bert-small", 512);
    assertBackbone("encoder: transformer", 256);
    assertBackbone("encoder: {width: 96, heads: 3, depth: 1}", 96);
    assertBackbone("encoder: gru", 1024);
    assertBackbone("encoder: {type: gru, words: 8, width: 16}", 16);
  }

  private void assertBackbone(String yaml, int width) {
    Backbone backbone = create(yaml).newBackbone(true).orElseThrow();

    assertThat(backbone.width()).isEqualTo(width);
    assertThat(backbone.inputShapes()).containsExactly(new Shape(1, 40));
    assertThat(backbone.block().getOutputShapes(new Shape[] {new Shape(3, 7)}))
        .containsExactly(new Shape(3, width));
  }

  private static List<long[]> drawn(Modality modality, long seed) {
    Modality.Views views = modality.draw(DOGS, new Modality.ViewRequest(1, 1, seed));
    return List.of(ids(views.queries().getFirst()), ids(views.keys().getFirst()));
  }

  private Modality create(String yaml) {
    return create(yaml, Optional.of(Stream.of(DOGS, CATS)));
  }

  private Modality create(String yaml, Optional<Stream<Cell>> cells) {
    Settings settings = YamlReader.read(yaml, "config.yaml");
    List<Cell> list = cells.map(Stream::toList).orElse(List.of());
    return new TextProvider()
        .create(
            settings.bind(TextOptions.class),
            new ModalityContext("caption", cells.map(_ -> list::stream), store, 1, notes::add));
  }

  private Path vocabularyFile(String... tokens) throws IOException {
    Path file = folder.resolve("vocabulary-" + tokens.length + ".txt");
    return Files.writeString(file, SPECIAL + String.join("\n", tokens) + "\n");
  }

  private List<String> storedTokens() {
    byte[] content = store.read("vocabulary.txt").orElseThrow();
    return Arrays.asList(new String(content, UTF_8).split("\n"));
  }

  private static long[] ids(View view) {
    return ((HostArray.Longs) view.arrays().getFirst()).values();
  }
}
