package mmct.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Datasets in COCO's layout.
class CocoTest {
  private static final Map<String, Columns> MODALITIES =
      Map.of(
          "photo", new Columns(List.of("image", "path"), Columns.Kind.FILE),
          "text", new Columns(List.of("caption", "caption_*"), Columns.Kind.STRINGS),
          "words", new Columns(List.of("tags"), Columns.Kind.LIST));

  private static final String CAPTIONS =
      """
      {"info": {"year": 2017}, "images": [
        {"id": 7, "file_name": "a.jpg", "width": 5},
        {"id": 8, "file_name": "b.jpg"}],
       "annotations": [
        {"id": 1, "image_id": 8, "caption": "A dog. \\n"},
        {"id": 2, "image_id": 8, "caption": "Ein Hund \\u2713"},
        {"id": 3, "image_id": 8, "caption": "  "}]}
      """;

  /// Objects come before the categories that they are of, and before one of the images.
  private static final String INSTANCES =
      """
      {"annotations": [
        {"id": 1, "image_id": 7, "category_id": 18, "segmentation": [[1, 2.5, 3]], "iscrowd": 0},
        {"id": 2, "image_id": 7, "category_id": 3, "segmentation":
          {"counts": [1, {"image_id": 99}], "size": [2, 2]}, "iscrowd": 1},
        {"id": 3, "image_id": 7, "category_id": 18},
        {"id": 4, "image_id": 9, "category_id": 3}],
       "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 9, "file_name": "c.jpg"}],
       "categories": [{"id": 3, "name": "zebra"}, {"id": 18, "name": "ant"}]}
      """;

  @TempDir private Path root;

  @BeforeEach
  void createFolders() throws IOException {
    Files.createDirectories(root.resolve("annotations"));
    Files.createDirectories(root.resolve("images"));
  }

  @Test
  void isFoundByItsName() {
    assertThat(Catalogue.load().dataset("coco")).isInstanceOf(CocoProvider.class);
  }

  @Test
  void captionsAndObjectsMeetInOneSample() throws IOException {
    write("captions_train.json", CAPTIONS);
    write("instances_train.json", INSTANCES);

    Dataset train = open().split("train");
    assertThat(IntStream.range(0, train.size()).mapToObj(train::id)).containsExactly("7", "8", "9");
    assertThat(train.get(0).cells())
        .containsOnlyKeys("photo", "words")
        .containsEntry("words", Cell.Strings.of("ant", "zebra"))
        .containsEntry("photo", new Cell.File(root.resolve("images/a.jpg")));
    assertThat(train.get(1).cells())
        .containsOnlyKeys("photo", "text")
        .containsEntry("text", Cell.Strings.of("A dog.", "Ein Hund ✓"));
    assertThat(train.get(2).cells())
        .containsEntry("words", Cell.Strings.of("zebra"))
        .containsEntry("photo", new Cell.File(root.resolve("images/c.jpg")));
  }

  @Test
  void jsonIsReadAsPythonWritesIt() throws IOException {
    write(
        "captions_train.json",
        """
        {"images": [{"id": 7.0, "file_name": "a.jpg", "score": NaN}, {"id": 8, "file_name": "b.jpg"},
                    {"id": "9", "file_name": "c.jpg"}],
         "annotations": [
          {"id": 1, "image_id": 7, "caption": "A dog.", "area": Infinity, "x": [NaN, -Infinity]},
          {"id": 2, "image_id": 7, "caption": null},
          {"id": 3, "image_id": 8.0, "caption": NaN},
          {"id": 4, "image_id": 8e0, "caption": "nan"},
          {"id": 5, "image_id": 9, "caption": "\\u00a0\\u200b"}]}
        """);
    write(
        "instances_train.json",
        """
        {"images": [], "categories": [{"id": 1.0, "name": "dog"}],
         "annotations": [{"id": 1, "image_id": 7, "category_id": 1, "area": NaN}]}
        """);

    DataSource source = open();
    Dataset train = source.split("train");

    assertThat(IntStream.range(0, train.size()).mapToObj(train::id)).containsExactly("7", "8", "9");
    assertThat(train.get(0).cells())
        .containsEntry("text", Cell.Strings.of("A dog."))
        .containsEntry("words", Cell.Strings.of("dog"));
    assertThat(train.get(1).cells()).containsOnlyKeys("photo");
    assertThat(train.get(2).cells()).containsOnlyKeys("photo");
    assertThat(source.passedOver())
        .containsExactly(
            "captions of train that are blank or words for nothing: 4 (NaN, blank, nan);"
                + " data.options.missing says which are");
  }

  @Test
  void namesThatAnotherSystemWroteAreFound() throws IOException {
    Files.createDirectories(root.resolve("images/sub"));
    Files.writeString(root.resolve("images/sub/caf\u00e9.jpg"), "x");
    write(
        "captions_train.json",
        """
        {"images": [{"id": 1, "file_name": "sub\\\\cafe\\u0301.jpg"}], "annotations": []}
        """);

    assertThat(open().split("train").get(0).cell("photo"))
        .contains(new Cell.File(root.resolve("images/sub/caf\u00e9.jpg")));
  }

  @Test
  void eitherFileMayBeAbsent() throws IOException {
    write("captions_train.json", CAPTIONS);
    write("instances_val.json", INSTANCES);
    write("person_keypoints_val.json", "{}");

    DataSource source = open();
    assertThat(source.splits()).containsExactly("train", "val");
    assertThat(source.split("train").size()).isEqualTo(2);
    assertThat(source.split("train").get(0).cells()).containsOnlyKeys("photo");
    assertThat(source.split("val").get(1).cell("words")).contains(Cell.Strings.of("zebra"));
    assertThat(source.describe()).isEqualTo("coco " + root + ": train 2, val 2");
  }

  @Test
  void onlyTheModalitiesAskedForAreRead() throws IOException {
    write("captions_train.json", CAPTIONS);
    Request request =
        new Request(
            Optional.of(root),
            Map.of(
                "english", new Columns(List.of("caption_1"), Columns.Kind.STRINGS),
                "again", new Columns(List.of("file_name"), Columns.Kind.FILE),
                "series", new Columns(List.of("signal"), Columns.Kind.NUMBERS)));

    Dataset train = new CocoProvider().open(options(), request).split("train");
    assertThat(train.get(1).cells()).containsOnlyKeys("english", "again");
  }

  @ParameterizedTest
  @CsvSource({"images/train2017", "train2017", "images", "elsewhere", "elsewhere/train2017"})
  void officialLayoutAndItsVariantsAreFound(String pictures) throws IOException {
    write("captions_train2017.json", CAPTIONS);
    write("captions_val2017.json", CAPTIONS);
    Files.createDirectories(root.resolve(pictures));
    Files.writeString(root.resolve(pictures).resolve("a.jpg"), "");
    Settings settings =
        pictures.startsWith("elsewhere")
            ? Settings.of(Map.of("images", "elsewhere"))
            : Settings.empty();

    DataSource source =
        new CocoProvider()
            .open(settings.bind(CocoOptions.class), new Request(Optional.of(root), MODALITIES));
    assertThat(source.splits()).containsExactly("train2017", "val2017");
    assertThat(source.split("train")).isSameAs(source.split("train2017"));
    assertThat(source.split("train").get(0).cell("photo"))
        .contains(new Cell.File(root.resolve(pictures).resolve("a.jpg")));
  }

  @Test
  void yearMustBeNamedWhereThereAreTwo() throws IOException {
    write("captions_train2014.json", CAPTIONS);
    write("captions_train2017.json", CAPTIONS);

    assertThatThrownBy(() -> open().split("train"))
        .isInstanceOf(MmctException.class)
        .hasMessage(root + " has no split 'train'; splits: train2014, train2017");
    assertThat(open().split("train2014").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'images': [ | %s is not JSON: Unexpected end-of-input: expected close marker for Array (start marker at line: 1) (line 1, column",
        "{'images' 3} | %s is not JSON: ",
        "[1, 2] | %s must hold a JSON object with images and annotations",
        "{'images': 3} | %s: images must be a list",
        "{'images': [3]} | %s: images[0] must be an object",
        "{'images': []} | %s has no key annotations",
        "{'annotations': []} | %s has no key images",
        "{'images': [{'id': 1}]} | %s: images[0] has no file_name",
        "{'images': [{'file_name': 'a'}]} | %s: images[0] has no id",
        "{'images': [{'id': {}, 'file_name': 'a'}]} | %s: images[0] has no id",
        "{'images': [], 'annotations': [{'image_id': 5}]} | %s: annotations[0] has no caption",
        "{'images': [], 'annotations': [{'image_id': 5, 'caption': 'x'}]}"
            + " | %s: annotations[0] is of picture 5, which images does not list",
        "{'images': [{'id': 1, 'file_name': 'a'}, {'id': 1, 'file_name': 'b'}]}"
            + " | %s: images[1]: picture 1 is the file b here but a elsewhere",
        "{'images': [{'id': 1, 'file_name': 'a\\u0000b'}]} | %s: images[0] has a file_name that",
        "{'images': [], 'annotations': []} | split train is empty: %s lists no images",
      })
  void whatIsWrongIsSaidInOneSentence(String json, String message) throws IOException {
    Path file = write("captions_train.json", json.replace('\'', '"'));

    assertThatThrownBy(() -> open().split("train"))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(message.formatted(file));
  }

  @Test
  void placeOfASyntaxErrorIsNamed() throws IOException {
    write("captions_train.json", "{\n \"images\": [\n  {\"id\": 1,, \"file_name\": \"a\"}]}");

    assertThatThrownBy(() -> open().split("train")).hasMessageContaining("(line 3, column ");
  }

  @Test
  void categoryThatIsNotListedIsNamed() throws IOException {
    Path file =
        write(
            "instances_train.json",
            INSTANCES.replace("\"id\": 3, \"name\"", "\"id\": 4, \"name\""));

    assertThatThrownBy(() -> open().split("train"))
        .hasMessage(
            "%s: an object of picture 7 is of category 3, which categories does not list", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret.jpg", "/etc/passwd", "b/../../../x"})
  void filesOutsideOfTheFolderAreRefused(String name) throws IOException {
    write("captions_train.json", CAPTIONS.replace("b.jpg", name));

    assertThatThrownBy(() -> open().split("train"))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("which is outside of");
  }

  @Test
  void missingFoldersAreNamed() throws IOException {
    write("captions_train.json", CAPTIONS);
    Files.delete(root.resolve("images"));
    assertThatThrownBy(() -> open().split("train"))
        .hasMessageStartingWith("the pictures of split train are missing: there is no folder ")
        .hasMessageContaining(root.resolve("images/train").toString());

    Files.delete(root.resolve("annotations/captions_train.json"));
    assertThatThrownBy(this::open)
        .hasMessageContaining("has neither captions_SPLIT.json nor instances_SPLIT.json");
    Files.delete(root.resolve("annotations"));
    assertThatThrownBy(this::open)
        .hasMessage("the dataset coco needs a folder " + root.resolve("annotations"));
  }

  @Test
  void folderIsRecognisedByItsNames() throws IOException {
    CocoProvider provider = new CocoProvider();
    assertThat(provider.recognises(root)).isFalse();
    write("captions_train.json", "not even JSON");
    assertThat(provider.recognises(root)).isTrue();
    Files.writeString(root.resolve("manifest.csv"), "id,image\n");
    assertThat(provider.recognises(root)).isFalse();
    assertThat(provider.recognises(root.resolve("absent"))).isFalse();
  }

  @Test
  void fingerprintFollowsTheNamesAndBytesOfTheFiles() throws IOException {
    write("captions_train.json", CAPTIONS);
    String first = open().fingerprint();
    assertThat(open().fingerprint()).isEqualTo(first).matches("[0-9a-f]{64}");

    write("captions_train.json", CAPTIONS.replace("dog", "cat"));
    String changed = open().fingerprint();
    assertThat(changed).isNotEqualTo(first);
    Files.move(
        root.resolve("annotations/captions_train.json"),
        root.resolve("annotations/captions_test.json"));
    assertThat(open().fingerprint()).isNotEqualTo(changed);
  }

  @Test
  void realSampleHasItsPhotosCaptionsAndObjects() {
    Path mini = Path.of(System.getProperty("mmct.shared", "absent"), "data", "coco_mini");
    assumeTrue(Files.isDirectory(mini), "skipped: " + mini + " is absent");

    assertThat(new CocoProvider().recognises(mini)).isTrue();
    DataSource source =
        new CocoProvider().open(options(), new Request(Optional.of(mini), MODALITIES));
    assertThat(source.splits()).containsExactly("train", "val", "test");
    List<Sample> samples =
        source.splits().stream()
            .map(source::split)
            .flatMap(split -> IntStream.range(0, split.size()).mapToObj(split::get))
            .toList();
    assertThat(samples).hasSize(418);
    assertThat(samples)
        .allSatisfy(
            sample -> assertThat(((Cell.File) sample.cells().get("photo")).path()).exists());
    assertThat(samples).anyMatch(it -> it.cell("text").isPresent() && it.cell("words").isEmpty());
    assertThat(samples).anyMatch(it -> it.cell("text").isEmpty() && it.cell("words").isPresent());
  }

  private DataSource open() {
    return new CocoProvider().open(options(), new Request(Optional.of(root), MODALITIES));
  }

  private static CocoOptions options() {
    return Settings.empty().bind(CocoOptions.class);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(root.resolve("annotations").resolve(name), content);
  }
}
