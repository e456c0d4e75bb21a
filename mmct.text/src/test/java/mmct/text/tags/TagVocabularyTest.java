package mmct.text.tags;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import mmct.api.MmctException;
import org.junit.jupiter.api.Test;

class TagVocabularyTest {
  @Test
  void theMostFrequentTagsAreKeptAndEqualCountsAreInTheOrderOfNames() {
    TagVocabulary vocabulary =
        TagVocabulary.mostFrequent(
            Stream.of(List.of("dog", "cat", "ox"), List.of("dog", "cat"), List.of("dog", "ant")),
            3,
            1);

    assertThat(vocabulary.tags()).containsExactly("dog", "cat", "ant");
  }

  @Test
  void rareTagsAreLeftOut() {
    assertThat(
            TagVocabulary.mostFrequent(Stream.of(List.of("dog", "cat"), List.of("dog")), 10, 2)
                .tags())
        .containsExactly("dog");
  }

  @Test
  void aTagCountsOncePerSampleAndBlanksAreNoTags() {
    assertThat(
            TagVocabulary.mostFrequent(
                    Stream.of(List.of("ox", "ox ", " "), List.of("hot  dog"), List.of("hot dog")),
                    10,
                    1)
                .tags())
        .containsExactly("hot dog", "ox");
  }

  @Test
  void tagsThatLookAlikeAreOne() {
    TagVocabulary vocabulary =
        TagVocabulary.mostFrequent(
            Stream.of(
                List.of("caf\u00e9", "cafe\u0301"),
                List.of("\u00a0hot\u00a0dog\u200b"),
                List.of("\u200b")),
            10,
            1);

    assertThat(vocabulary.tags()).containsExactly("caf\u00e9", "hot dog");
    assertThat(vocabulary.indices(List.of("cafe\u0301"))).containsExactly(0);
    assertThat(
            TagVocabulary.parse("cafe\u0301\n".getBytes(UTF_8), "old")
                .indices(List.of("caf\u00e9")))
        .containsExactly(0);
  }

  @Test
  void aListMayHaveAMarkAndLineEndingsOfAnotherSystem() {
    assertThat(TagVocabulary.parse("\ufeffb\r\na\r\n\r\n".getBytes(UTF_8), "tags.txt").tags())
        .containsExactly("b", "a");
    assertThatThrownBy(() -> TagVocabulary.parse("b\n\na\n".getBytes(UTF_8), "tags.txt"))
        .isInstanceOf(MmctException.class)
        .hasMessage("a list of tags has one tag per line but tags.txt:2 is blank");
  }

  @Test
  void indicesAreAscendingAndUnknownTagsAreIgnored() {
    TagVocabulary vocabulary = TagVocabulary.parse("b\na\nc c\n".getBytes(UTF_8), "tags.txt");

    assertThat(vocabulary.indices(List.of("c  c", "x", " b", "b"))).containsExactly(0, 2);
    assertThat(vocabulary.indices(List.of("x"))).isEmpty();
  }

  @Test
  void aListWrittenAndReadIsTheSame() {
    TagVocabulary vocabulary =
        TagVocabulary.mostFrequent(Stream.of(List.of("é", "hot dog", "\u2028x")), 10, 1);

    assertThat(TagVocabulary.parse(vocabulary.toBytes(), "tags.txt").tags())
        .isEqualTo(vocabulary.tags());
  }

  @Test
  void noTagsAtAllAndRepeatedTagsAreRefused() {
    assertThatThrownBy(() -> TagVocabulary.mostFrequent(Stream.of(List.of(" ")), 10, 1))
        .isInstanceOf(MmctException.class)
        .hasMessage("a tag vocabulary needs at least one tag but the training split has none");
    assertThatThrownBy(() -> TagVocabulary.parse("a\nb\na\n".getBytes(UTF_8), "tags.txt"))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "a tag vocabulary has every tag once but 'a' is in line 1 and line 3 of tags.txt");
  }
}
