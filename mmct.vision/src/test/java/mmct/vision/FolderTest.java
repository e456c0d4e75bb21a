package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
    assertThat(source.describe())
        .isEqualTo(
            "image-folder " + root + ": train 3, val 1; 2 passed over, which data check names");
    assertThat(source.passedOver())
        .containsExactly(
            "1 not pictures by their names' endings (data.options.endings): train/cat/notes.txt",
            "1 pictures beside the folders of splits or classes (data.options.layout): val/readme.jpg");
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
  void unknownSplitsAndEmptyFoldersAreNamed() throws IOException {
    assertThatThrownBy(() -> open().split("test"))
        .isInstanceOf(MmctException.class)
        .hasMessage("image-folder " + root + " has no split 'test'; splits: train, val");
    Path empty = Files.createDirectories(root.resolve("empty/deep"));
    assertThatThrownBy(() -> new FolderProvider().open(options(), request(empty)))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(empty + " has no pictures; the names of pictures end in .jpg, ");
    assertThatThrownBy(() -> open(root.resolve("nowhere")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("there is nothing at");
  }

  @Test
  void folderIsRecognisedByThePicturesInIt() throws IOException {
    FolderProvider provider = new FolderProvider();
    assertThat(provider.recognises(root)).isTrue();
    assertThat(provider.recognises(root.resolve("train"))).isTrue();
    assertThat(provider.recognises(root.resolve("train/cat/1.png"))).isTrue();
    assertThat(provider.recognises(root.resolve("train/cat/notes.txt"))).isFalse();
    assertThat(provider.recognises(Files.createDirectories(root.resolve("none/deep")))).isFalse();
    assertThat(provider.recognises(root.resolve("absent"))).isFalse();
    Files.writeString(root.resolve("labels.csv"), "path,label\n");
    assertThat(provider.recognises(root)).isFalse();
  }

  private Path tree(String... files) throws IOException {
    Path tree = root.resolve("tree-" + Integer.toHexString(String.join(",", files).hashCode()));
    for (String file : files) {
      Path path = tree.resolve(file);
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, "x");
    }
    return tree;
  }

  /// By split, the ids and labels of its samples, as `ID=LABEL`.
  private static Map<String, List<String>> content(DataSource source) {
    Map<String, List<String>> content = new LinkedHashMap<>();
    for (String split : source.splits()) {
      Dataset samples = source.split(split);
      content.put(
          split,
          IntStream.range(0, samples.size())
              .mapToObj(samples::get)
              .map(it -> it.id() + it.label().map(label -> "=" + label).orElse(""))
              .toList());
    }
    return content;
  }

  @Test
  void foldersMeanWhatTheirNamesAndDepthSay() throws IOException {
    assertThat(content(open(tree("b.jpg", "a.png"))))
        .isEqualTo(Map.of("train", List.of("a.png", "b.jpg")));
    assertThat(content(open(tree("a.jpg", "2019/b.jpg", "2019/may/c.jpg"))))
        .isEqualTo(Map.of("train", List.of("2019/b.jpg", "2019/may/c.jpg", "a.jpg")));
    assertThat(content(open(tree("train/a.jpg", "train/deep/b.jpg", "test/c.jpg"))))
        .isEqualTo(
            Map.of("test", List.of("test/c.jpg"), "train", List.of("train/deep/b.jpg=deep")));
    assertThat(content(open(tree("train/a.jpg", "val/b.jpg"))))
        .isEqualTo(Map.of("train", List.of("train/a.jpg"), "val", List.of("val/b.jpg")));
    assertThat(content(open(tree("dog/a.jpg", "cat/b.jpg", "cat/deep/c.jpg"))))
        .isEqualTo(
            Map.of("train", List.of("cat/b.jpg=cat", "cat/deep/c.jpg=cat", "dog/a.jpg=dog")));
    assertThat(content(open(tree("bus/a.jpg", "train/b.jpg"))))
        .isEqualTo(Map.of("train", List.of("bus/a.jpg=bus", "train/b.jpg=train")));
    assertThat(content(open(tree("train2017/x/a.jpg", "val2017/x/y/z/b.jpg", "test/c.jpg"))))
        .isEqualTo(
            Map.of(
                "test", List.of("test/c.jpg"),
                "train2017", List.of("train2017/x/a.jpg=x"),
                "val2017", List.of("val2017/x/y/z/b.jpg=x")));
    assertThat(open(tree("dog/a.jpg", "cat/b.jpg")).describe()).contains(" as CLASS/FILE: train 2");
  }

  @Test
  void theLayoutIsASetting() throws IOException {
    Path tree = tree("train/a.jpg", "train/x/b.jpg", "c.jpg");
    Map<String, Map<String, List<String>>> meant =
        Map.of(
            "none", Map.of("train", List.of("c.jpg", "train/a.jpg", "train/x/b.jpg")),
            "class", Map.of("train", List.of("train/a.jpg=train", "train/x/b.jpg=train")),
            "split", Map.of("train", List.of("train/a.jpg", "train/x/b.jpg")),
            "split-class", Map.of("train", List.of("train/x/b.jpg=x")));
    meant.forEach(
        (layout, content) ->
            assertThat(
                    content(
                        new FolderProvider()
                            .open(
                                Settings.of(Map.of("layout", layout)).bind(FolderOptions.class),
                                request(tree))))
                .as(layout)
                .isEqualTo(content));
  }

  @Test
  void nestedPicturesAndAllEndingsAreRead() throws IOException {
    Path tree =
        tree("train/cat/a.jpg", "train/cat/c.jfif", "train/cat/d.webp", "train/cat/x/b.JPG");

    assertThat(content(open(tree)).get("train")).hasSize(4);
    assertThat(open(tree).passedOver()).isEmpty();
  }

  @Test
  void whatIsHiddenIsNoClassAndIsCounted() throws IOException {
    Path tree =
        tree(
            "train/cat/a.jpg",
            "train/.ipynb_checkpoints/a-checkpoint.jpg",
            "train/cat/.hidden.jpg",
            "train/cat/._a.jpg",
            "train/cat/Thumbs.db",
            ".git/objects/x.jpg",
            "__MACOSX/train/cat/._a.jpg",
            "train/dog/readme.txt");

    DataSource source = open(tree);

    assertThat(content(source)).isEqualTo(Map.of("train", List.of("train/cat/a.jpg=cat")));
    assertThat(source.passedOver())
        .anyMatch(it -> it.startsWith("6 hidden or of a system: "))
        .anyMatch(it -> it.endsWith("train/dog/readme.txt"))
        .anyMatch(it -> it.equals("1 folders without pictures: train/dog"));
    assertThat(source.describe()).endsWith(": train 1; 8 passed over, which data check names");
  }

  @Test
  void linksThatLeadBackOrNowhereAreCountedAndOthersAreFollowed() throws IOException {
    Path tree = tree("train/cat/a.jpg", "train/dog/b.jpg");
    Path elsewhere = tree("c.jpg");
    Files.createSymbolicLink(tree.resolve("train/cat/loop"), tree.resolve("train"));
    Files.createSymbolicLink(tree.resolve("train/cat/gone.jpg"), tree.resolve("nowhere.jpg"));
    Files.createSymbolicLink(tree.resolve("train/mouse"), elsewhere);

    DataSource source = open(tree);

    assertThat(content(source))
        .isEqualTo(
            Map.of(
                "train",
                List.of("train/cat/a.jpg=cat", "train/dog/b.jpg=dog", "train/mouse/c.jpg=mouse")));
    assertThat(source.passedOver())
        .containsExactlyInAnyOrder(
            "1 links back to a folder around them: train/cat/loop",
            "1 no files, or links that lead nowhere: train/cat/gone.jpg");
  }

  @Test
  void onePictureIsADataset() throws IOException {
    DataSource source = open(root.resolve("train/cat/1.png"));

    assertThat(content(source)).isEqualTo(Map.of("train", List.of("1.png")));
    assertThat(source.split("train").get(0).cell("photo"))
        .contains(new Cell.File(root.resolve("train/cat/1.png")));
    assertThat(Catalogue.load().datasetAt(root.resolve("train/cat/1.png")).name())
        .isEqualTo("image-folder");
  }

  @Test
  void classesThatLookAlikeAreOne() throws IOException {
    Path tree = tree("train/caf\u00e9/a.jpg", "val/cafe\u0301/b.jpg");

    assertThat(content(open(tree)))
        .isEqualTo(
            Map.of(
                "train", List.of("train/caf\u00e9/a.jpg=caf\u00e9"),
                "val", List.of("val/caf\u00e9/b.jpg=caf\u00e9")));
  }

  private DataSource open() {
    return open(root);
  }

  private static DataSource open(Path path) {
    return new FolderProvider().open(options(), request(path));
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
