package mmct.api.csv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.Columns;
import mmct.api.spi.DatasetProvider.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each mistake in a manifest is told in one sentence that names the file and the line.
class CsvMistakesTest {
  private static final Columns FILE = new Columns(List.of("photo"), Columns.Kind.FILE);
  private static final Columns TEXT = new Columns(List.of("text_*"), Columns.Kind.STRINGS);
  private static final Columns SERIES = new Columns(List.of("series"), Columns.Kind.NUMBERS);
  private static final Map<String, Columns> ALL =
      Map.of("photo", FILE, "text", TEXT, "series", SERIES);

  @TempDir Path folder;

  private void refused(
      Map<String, ?> options, Map<String, Columns> modalities, byte[] content, String... parts)
      throws IOException {
    Path file = Files.write(folder.resolve("manifest.csv"), content);
    CsvOptions bound = Settings.of(options).bind(CsvOptions.class);
    assertThatThrownBy(
            () -> new CsvProvider().open(bound, new Request(Optional.of(file), modalities)))
        .isInstanceOf(MmctException.class)
        .hasMessageContainingAll("manifest.csv")
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private void refused(String content, String... parts) throws IOException {
    refused(Map.of(), ALL, content.getBytes(StandardCharsets.UTF_8), parts);
  }

  @Test
  void aRaggedRow() throws IOException {
    refused("id,photo\n1,a\n2,b,c\n", "line 3: 3 values where the header names 2 columns");
    refused("id,photo\n\"1\n2\",a\n\n2\n", "line 5: 1 values where the header names 2");
    refused("id,photo\r\n1,a\r\n2", "line 3: 1 values");
    refused("id,photo\n\"1\n2\",a,b\n", "line 2: 3 values");
  }

  @Test
  void aHeaderThatCannotBeUsed() throws IOException {
    refused("", "is empty; a manifest begins with a header");
    refused("\n\n", "is empty");
    refused("\uFEFF", "is empty");
    refused("id,photo,id\n1,a,2\n", "line 1: the header names the column 'id' twice");
    refused("id,photo\n", "has a header but no rows");
  }

  @Test
  void noColumnForAnyModality() throws IOException {
    refused(
        "id,picture\n1,a\n",
        "no column for any of photo, series, text",
        "it has id, picture",
        "looked for were photo, series, text_*");
  }

  @Test
  void aColumnThatWasNamedAndIsMissing() throws IOException {
    byte[] content = "id,photo\n1,a\n".getBytes(StandardCharsets.UTF_8);
    refused(
        Map.of(),
        Map.of("photo", FILE, "text", TEXT.named(List.of("title"))),
        content,
        "no column 'title' (named for 'text'); it has id, photo");
    for (String key : List.of("id", "split", "label")) {
      refused(
          Map.of(key, "other"),
          ALL,
          content,
          "no column 'other' (data.options." + key + ")",
          "id, photo");
    }
  }

  @Test
  void valuesThatAreMissingOrWrong() throws IOException {
    refused("id,photo\n1,a\n ,b\n", "line 3: the id is empty");
    refused("photo,split\na,train\nb,\n", "line 3: the name of the split is empty");
    refused("series\n1;2\n1;x\n", "line 3: 'x' is not a number");
    refused("series\n1;2\n1 NaN\n", "line 3: 'NaN' is not a finite number");
    refused(
        "photo\na\nb\u0000c\n",
        "line 3: the text has the character NUL; a manifest is UTF-8, not UTF-16 and not binary");
  }

  @Test
  void validationBesideAColumnOfSplits() throws IOException {
    refused(
        Map.of("validation", 0.1),
        ALL,
        "photo,split\na,train\n".getBytes(StandardCharsets.UTF_8),
        "data.options.validation cannot be 0.1",
        "'split'");
  }

  @Test
  void aColumnOfSplitsThatIsNone() throws IOException {
    StringBuilder content = new StringBuilder("photo,split\n");
    for (int i = 0; i < 2000; i++) {
      content.append("a,").append(i).append('\n');
    }
    refused(content.toString(), "line 1002: more than 1000 different splits");
  }

  @Test
  void textThatIsNotUtf8() throws IOException {
    byte[] latin = "id,photo\n1,a\r\n2,\u00e9t\u00e9\n3,c\n".getBytes(StandardCharsets.ISO_8859_1);
    refused(Map.of(), ALL, latin, "line 3: the text is not UTF-8");
    refused(
        Map.of(),
        ALL,
        "id,photo\n1,a\n".getBytes(StandardCharsets.UTF_16),
        "line 1: the text is not");
    byte[] late =
        ("id,photo\n" + "1,aä\n".repeat(50_000) + "2,\u00e9\n").getBytes(StandardCharsets.UTF_8);
    late[late.length - 2] = ' ';
    refused(Map.of(), ALL, late, "line 50002: the text is not UTF-8");
  }

  @Test
  void quotesThatAreNotClosed() throws IOException {
    refused(
        "id,photo\n1,a\n2,\"b\n3,c\n", "line 3: a quote that begins here or later is not closed");
    refused(
        "id,photo\n1,a\n2,\"b\"c\n", "line 3: a closing quote must be followed by the separator");
  }

  /// The rest of a large file must not be collected in memory as one value.
  @Test
  @Timeout(20)
  void aQuoteThatIsNotClosedDoesNotFillTheMemory() throws IOException {
    StringBuilder content = new StringBuilder("id,photo\n1,\"");
    content.append("2,b\n".repeat(Manifest.LONGEST_ROW / 4 + 5000));
    refused(content.toString(), "line 2: a row of more than 16777216 characters");
  }

  @Test
  void aFileThatIsMissing() {
    Request request = new Request(Optional.of(folder.resolve("manifest.csv")), ALL);
    assertThatThrownBy(() -> new CsvProvider().open(CsvOptions.standard(), request))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("manifest.csv cannot be read: there is no such file");
  }

  @Test
  void aHeaderThatIsSeparatedOtherwiseIsToldSo() throws IOException {
    refused(
        "photo;text\na;b\n",
        "the columns may be separated otherwise (--set data.options.separator=';')");
  }
}
