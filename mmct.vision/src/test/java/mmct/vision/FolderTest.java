package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders of pictures as SPLIT/CLASS/FILE.
class FolderTest {
  @TempDir private Path root;

  @BeforeEach
  void fill() throws IOException {
    for (String file :
        List.of(
            "train/dog/2.jpg",
            "train/dog/1.JPEG",
            "train/cat/1.png",
            "train/cat/notes.txt",
            "val/dog/1.jpg",
            "val/readme.jpg")) {
      Path path = root.resolve(file);
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, "x");
    }
  }

  @Test
  void isFoundByItsName() {
    assertThat(Catalogue.load().dataset("image-folder")).isInstanceOf(FolderProvider.class);
  }

  @Test
  void classIsTheLabelAndThePathTheId() {
    DataSource source = open();
    Dataset train = source.split("train");

    assertThat(source.splits()).containsExactly("train", "val");
    assertThat(IntStream.range(0, 3).mapToObj(train::id))
        .containsExactly("train/cat/1.png", "train/dog/1.JPEG", "train/dog/2.jpg");
    assertThat(train.get(1))
        .isEqualTo(
            new Sample(
                "train/dog/1.JPEG",
                Map.of(
                    "photo",
                    new Cell.File(root.resolve("train/dog/1.JPEG")),
                    "words",
                    Cell.Strings.of("dog")),
                Optional.of("dog")));
    assertThat(source.describe()).isEqualTo("image-folder " + root + ": train 3, val 1");
  }

  @Test
  void endingsAreASetting() {
    Settings settings = Settings.of(Map.of("endings", List.of("txt")));

    DataSource source =
        new FolderProvider().open(settings.bind(FolderOptions.class), request(root));
    assertThat(source.splits()).containsExactly("train");
    assertThat(source.split("train").id(0)).isEqualTo("train/cat/notes.txt");
  }

  @Test
  void fingerprintFollowsNamesAndSizes() throws IOException {
    String before = open().fingerprint();
    assertThat(open().fingerprint()).isEqualTo(before);
    Files.writeString(root.resolve("val/dog/1.jpg"), "xy");
    assertThat(open().fingerprint()).isNotEqualTo(before);
  }

  @Test
  void unknownSplitsAndEmptyFoldersAreNamed() {
    assertThatThrownBy(() -> open().split("test"))
        .isInstanceOf(MmctException.class)
        .hasMessage("image-folder " + root + " has no split 'test'; splits: train, val");
    Path split = root.resolve("train");
    assertThatThrownBy(() -> new FolderProvider().open(options(), request(split)))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(split + " has no pictures as SPLIT/CLASS/FILE");
  }

  @Test
  void folderIsRecognisedByItsDepth() throws IOException {
    FolderProvider provider = new FolderProvider();
    assertThat(provider.recognises(root)).isTrue();
    assertThat(provider.recognises(root.resolve("train"))).isFalse();
    assertThat(provider.recognises(root.resolve("absent"))).isFalse();
    Files.writeString(root.resolve("labels.csv"), "path,label\n");
    assertThat(provider.recognises(root)).isFalse();
  }

  private DataSource open() {
    return new FolderProvider().open(options(), request(root));
  }

  private static FolderOptions options() {
    return Settings.empty().bind(FolderOptions.class);
  }

  private static Request request(Path location) {
    return new Request(
        Optional.of(location),
        Map.of(
            "photo", new Columns(List.of("image", "path"), Columns.Kind.FILE),
            "words", new Columns(List.of("class"), Columns.Kind.LIST)));
  }
}
