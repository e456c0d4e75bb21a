package mmct.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.HostArray;
import mmct.api.data.View;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Backbone;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.PositivesRule;
import org.junit.jupiter.api.Test;

class TagsProviderTest {
  private static final List<Cell> CELLS =
      List.of(
          Cell.Strings.of("dog", "snow", "ball"),
          Cell.Strings.of("dog", "snow"),
          Cell.Strings.of("dog", "cat"));

  private final ArtefactStore store = ArtefactStore.inMemory();
  private final List<String> notes = new ArrayList<>();

  @Test
  void itIsFoundByName() {
    assertThat(Catalogue.load().modality("tags")).isInstanceOf(TagsProvider.class);
    assertThat(new TagsProvider().columns())
        .isEqualTo(new Columns(List.of("tags"), Columns.Kind.LIST));
  }

  @Test
  void aViewIsOneWhereTheSampleHasTheTag() {
    Modality modality = create("{}");

    // dog, snow, ball, cat: by frequency, then by name.
    assertThat(values(modality.plain(CELLS.get(2)).getFirst())).containsExactly(1, 0, 0, 1);
    assertThat(values(modality.plain(Cell.Strings.of("zebra")).getFirst()))
        .containsExactly(0, 0, 0, 0);
  }

  @Test
  void allViewsOfASampleAreEqualAndAsManyAsAskedFor() {
    Modality.Views views = create("{}").draw(CELLS.get(0), new Modality.ViewRequest(2, 3, 7));

    assertThat(views.queries()).hasSize(2);
    assertThat(views.keys()).hasSize(3);
    assertThat(Stream.concat(views.queries().stream(), views.keys().stream()))
        .allSatisfy(view -> assertThat(values(view)).containsExactly(1, 1, 1, 0));
  }

  @Test
  void droppedTagsAreAsManyAsTheProbabilitySaysAndFollowFromTheSeed() {
    Modality modality = create("dropTags: 0.25");
    double kept = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Modality.ViewRequest request = new Modality.ViewRequest(1, 0, seed);
      float[] once = values(modality.draw(CELLS.get(0), request).queries().getFirst());
      float[] again = values(modality.draw(CELLS.get(0), request).queries().getFirst());
      assertThat(again).isEqualTo(once);
      assertThat(once[3]).isZero();
      kept += once[0] + once[1] + once[2];
    }
    assertThat(kept / 6000).isCloseTo(0.75, within(0.03));
    assertThat(values(modality.plain(CELLS.get(0)).getFirst())).containsExactly(1, 1, 1, 0);
  }

  @Test
  void theVocabularyIsStoredReportedAndUsedAgain() {
    create("vocabulary: 2");
    assertThat(new String(store.read("tags.txt").orElseThrow(), UTF_8)).isEqualTo("dog\nsnow\n");
    assertThat(notes).containsExactly("tags: vocabulary of 2 tags, the most frequent 'dog'");

    Modality later = create("vocabulary: 2", Optional.empty());

    assertThat(values(later.plain(CELLS.get(1)).getFirst())).containsExactly(1, 1);
  }

  @Test
  void noTagsAnywhereIsAnError() {
    assertThatThrownBy(() -> create("{}", Optional.empty()))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("tags needs its list of tags");
    assertThatThrownBy(() -> create("{}", Optional.of(List.of())))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the training split has none");
  }

  @Test
  void theEncoderIsABagOrNone() {
    Backbone bag = create("encoder: {width: 6, hidden: 5}").newBackbone(true).orElseThrow();

    assertThat(bag.width()).isEqualTo(6);
    assertThat(bag.inputShapes()).containsExactly(new Shape(1, 4));
    assertThat(bag.block().getOutputShapes(new Shape[] {new Shape(3, 4)}))
        .containsExactly(new Shape(3, 6));
    assertThat(create("encoder: none").newBackbone(true)).isEmpty();
  }

  @Test
  void samplesThatShareMoreTagsThanSaidArePositives() {
    Modality modality = create("{}");
    PositivesRule rule =
        new SharedTagsProvider()
            .create(
                YamlReader.read("{of: tags, moreThan: 1}", "c.yaml").bind(SharedTagsOptions.class));
    List<int[]> marks =
        CELLS.stream().map(cell -> rule.marks(modality.plain(cell).getFirst())).toList();

    assertThat(rule.of()).isEqualTo("tags");
    assertThat(rule.positives(marks.subList(0, 1), marks))
        .containsExactly(BitSet.valueOf(new long[] {0b011}));
  }

  @Test
  void sharedTagsIsFoundByNameAndNeedsItsModality() {
    assertThat(Catalogue.load().positives("shared-tags")).isInstanceOf(SharedTagsProvider.class);
    assertThat(YamlReader.read("of: tags", "c.yaml").bind(SharedTagsOptions.class).moreThan())
        .isEqualTo(2);
    assertThatThrownBy(() -> YamlReader.read("{}", "c.yaml").bind(SharedTagsOptions.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("of is required but missing");
    assertThatThrownBy(
            () ->
                YamlReader.read("{of: tags, moreThan: -1}", "c.yaml").bind(SharedTagsOptions.class))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("moreThan must be at least 0 but was -1");
  }

  private Modality create(String yaml) {
    return create(yaml, Optional.of(CELLS));
  }

  private Modality create(String yaml, Optional<List<Cell>> cells) {
    return new TagsProvider()
        .create(
            YamlReader.read(yaml, "c.yaml").bind(TagsOptions.class),
            new ModalityContext("tags", cells.map(list -> list::stream), store, 1, notes::add));
  }

  private static float[] values(View view) {
    return ((HostArray.Floats) view.arrays().getFirst()).values();
  }
}
