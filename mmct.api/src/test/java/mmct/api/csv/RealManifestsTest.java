package mmct.api.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.DatasetProvider.Request;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Counts that Python's csv module finds in the same files.
class RealManifestsTest {
  private static DataSource open(String path, Map<String, Columns> modalities) {
    Path location = Path.of(System.getProperty("mmct.shared", "missing"), "data").resolve(path);
    Assumptions.assumeTrue(Files.exists(location), () -> location + " is absent");
    return new CsvProvider()
        .open(CsvOptions.standard(), new Request(Optional.of(location), modalities));
  }

  private static Stream<Sample> samples(DataSource source) {
    return source.splits().stream()
        .map(source::split)
        .flatMap(split -> IntStream.range(0, split.size()).mapToObj(split::get));
  }

  private static List<String> strings(Sample sample, String name) {
    return sample.cell(name).map(cell -> ((Cell.Strings) cell).values()).orElse(List.of());
  }

  @Test
  void flickr8kIsReadWhole() {
    DataSource source =
        open(
            "flickr8k/manifest.csv",
            Map.of(
                "photo", new Columns(List.of("image", "path"), Columns.Kind.FILE),
                "text", new Columns(List.of("caption", "caption_*"), Columns.Kind.STRINGS),
                "words", new Columns(List.of("tags"), Columns.Kind.LIST)));
    assertThat(source.describe())
        .isEqualTo("csv manifest.csv: train 6000, val 1000, test 1000, extra 91");
    assertThat(source.fingerprint())
        .isEqualTo("cdbb0f6f7830fb400f966342a086b7ba743fd8f1998c0aff1aaf3da3f39a4e02");
    assertThat(samples(source).filter(sample -> sample.cell("words").isEmpty())).hasSize(26);
    assertThat(samples(source).mapToInt(sample -> strings(sample, "words").size()).sum())
        .isEqualTo(28_940);
    assertThat(
            samples(source)
                .flatMap(sample -> strings(sample, "text").stream())
                .mapToInt(text -> text.codePointCount(0, text.length()))
                .sum())
        .isEqualTo(2_230_458);
    Dataset extra = source.split("extra");
    assertThat(extra.id(90)).isEqualTo("7964");
    Cell.File photo = (Cell.File) extra.get(90).cell("photo").orElseThrow();
    assertThat(photo.path()).exists().hasFileName("843616798_5ab0ecb525.jpg");
  }

  @Test
  void imagenetteIsReadFromItsFolder() {
    DataSource source =
        open("imagenette_s", Map.of("photo", new Columns(List.of("path"), Columns.Kind.FILE)));
    assertThat(source.describe()).isEqualTo("csv labels.csv: train 3000, val 1500");
    Dataset val = source.split("val");
    assertThat(val.id(1499)).isEqualTo("val/n03888257/n03888257_3932.jpg");
    assertThat(val.get(1499).label()).contains("9");
  }
}
