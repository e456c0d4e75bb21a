package org.example.lines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  private static final Map<String, Columns> COLUMNS =
      Map.of(
          "image", new Columns(List.of("image"), Columns.Kind.FILE),
          "caption", new Columns(List.of("caption", "text"), Columns.Kind.STRINGS),
          "signal", new Columns(List.of("signal"), Columns.Kind.NUMBERS));

  @TempDir private Path folder;

  private DataSource open(String lines) throws IOException {
    Path file = Files.writeString(folder.resolve("data.jsonl"), lines);
    return new JsonLinesProvider()
        .open(new JsonLinesOptions("id", "split"), new Request(Optional.of(file), COLUMNS));
  }

  @Test
  void aLineIsASampleWithTheModalitiesThatItHas() throws IOException {
    DataSource source =
        open(
            """
            {"id": "a", "image": "a.jpg", "caption": ["one", "another"]}
            {"id": "b", "text": "of b", "signal": [1, 2.5], "image": null}

            {"id": "c", "split": "val", "caption": "of c"}
            """);

    assertThat(source.splits()).containsExactly("train", "val");
    Dataset train = source.split("train");
    assertThat(train.get(0).cells())
        .isEqualTo(
            Map.of(
                "image",
                new Cell.File(folder.resolve("a.jpg")),
                "caption",
                Cell.Strings.of("one", "another")));
    assertThat(train.get(1).cells()).containsOnlyKeys("caption", "signal");
    assertThat(((Cell.Numbers) train.get(1).cells().get("signal")).values())
        .containsExactly(1, 2.5f);
  }

  @Test
  void aMistakeIsToldWithItsLine() {
    assertThatThrownBy(() -> open("{\"id\": \"a\"}\n{\"id\": "))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("data.jsonl, line 2: not a JSON object");
    assertThatThrownBy(() -> open("{\"caption\": \"of nobody\"}"))
        .hasMessageEndingWith("data.jsonl, line 1: a sample needs an id in its field 'id'");
  }

  @Test
  void theFileIsRecognisedByItsName() throws IOException {
    Path file = Files.writeString(folder.resolve("data.jsonl"), "{\"id\": \"a\"}");
    Catalogue catalogue = Catalogue.of(List.of(new JsonLinesProvider()));

    assertThat(catalogue.dataAt(file, COLUMNS).split("train").size()).isEqualTo(1);
  }
}
