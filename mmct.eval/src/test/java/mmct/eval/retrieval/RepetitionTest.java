package mmct.eval.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.data.Cell;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import org.junit.jupiter.api.Test;

class RepetitionTest {
  private static Sample sample(String id, String file, String... captions) {
    return new Sample(
        id, Map.of("photo", new Cell.File(Path.of(file)), "text", Cell.Strings.of(captions)));
  }

  @Test
  void whatAnotherSampleSaysTooIsCounted() {
    InMemoryDataset dataset =
        new InMemoryDataset(
            List.of(
                sample("1", "a.jpg", "a dog", "a dog", "a cat"),
                sample("2", "b.jpg", "a dog "),
                sample("2", "c.jpg", "an ox"),
                sample("2", "c.jpg", "an ox"),
                sample("3", "a.jpg", "a cat"),
                sample("apart", "b.jpg", "an ox")));

    Map<String, Integer> items =
        Repetition.of(dataset, Set.of("1", "2", "3"), List.of("photo", "text", "none")).items();

    // a.jpg twice; "a dog" three times, "a cat" twice; one sample's own repetition is none.
    assertThat(items).isEqualTo(Map.of("photo", 2, "text", 5, "none", 0));
  }
}
