package mmct.cli.reliability;

import static mmct.cli.reliability.Reader.texts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.data.Cell;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.io.SafeTensors;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.DatasetProvider;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.eval.DetectionScore;

/// All readers, through the doors that everybody has.
///
/// @param temp for the files that readers want
/// @param run a finished run, whose files are inputs that are right
record Readers(Path temp, Path run, Catalogue catalogue) {
  private static final List<String> JSON =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ":",
          ",",
          "null",
          "true",
          "1e999",
          "-1",
          "99999999999999999999",
          "1e-400",
          "\\u0000",
          "\\ud800",
          "\u0000",
          "[[[[[[[[",
          "NaN",
          "0x1",
          "\"id\"");

  private static final String INSTANCES =
      """
      {"info": {"a": [1, {}]},
       "images": [{"id": 1, "file_name": "a.jpg", "height": 20, "width": 30},
                  {"id": 2, "file_name": "b.jpg", "height": 5, "width": 7}],
       "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
       "annotations": [
         {"id": 1, "image_id": 1, "category_id": 1, "area": 12.5, "iscrowd": 0,
          "bbox": [1, 2, 3, 4], "segmentation": [[1, 1, 10, 1, 10, 10, 1, 10]]},
         {"id": 2, "image_id": 2, "category_id": 2, "iscrowd": 1, "bbox": [0, 0, 1, 1],
          "segmentation": {"size": [5, 7], "counts": [3, 2, 30]}},
         {"id": 3, "image_id": 2, "category_id": 2, "bbox": [0, 0, 1, 1],
          "segmentation": {"size": [5, 7], "counts": "32n0"}}]}
      """;

  private static final String DETECTIONS =
      """
      [{"image_id": 1, "category_id": 1, "score": 0.9, "bbox": [1, 2, 3, 4],
        "segmentation": {"size": [20, 30], "counts": [0, 600]}},
       {"image_id": 2, "category_id": 2, "score": 0.1, "bbox": [0, 0, 2, 2],
        "segmentation": [[0, 0, 5, 0, 5, 5]]}]
      """;

  private static final String MANIFEST =
      """
      id,image,caption,caption_2,tags,split,label
      1,a.jpg,"a, b",c,x;y,train,q
      2,b.jpg,d,"e
      ""f",y,val,r
      """;

  List<Reader> all() {
    return List.of(
        yaml(),
        manifest(),
        coco(),
        detections(),
        safetensors(),
        runRecord(),
        metrics(),
        vocabulary(),
        tokenizer(),
        pictures());
  }

  private Reader yaml() {
    return new Reader(
        "YAML",
        40,
        List.of(
            "*x", "&x ", "!!binary ", ": ", "- ", "|\n", "---\n", "{", "}", "[", "'", "\t", "<<: "),
        List.of(
            bytes("config.yaml"),
            texts("a: &x [1, 2]\nb: *x\nc: {d: 1e-4}\n").getFirst(),
            texts("{a: [b, 'c', \"d\"]}").getFirst()),
        input -> YamlReader.read(utf8(input), "input").toMap());
  }

  private Reader manifest() {
    return new Reader(
        "CSV manifest",
        20,
        List.of(
            ",", "\"", "\"\"", "\n", "\r\n", ";", "\ufeff", "\u0000", "id", "caption_", "1e999"),
        texts(MANIFEST, "image,caption\na/b.png,x\n\n"),
        input -> samples(open(catalogue.dataset("csv"), file("manifest.csv", input))));
  }

  private Reader coco() {
    return new Reader(
        "COCO annotations",
        10,
        JSON,
        texts(INSTANCES),
        input -> {
          Path folder = temp.resolve("coco");
          Files.createDirectories(folder.resolve("images"));
          Path annotations = Files.createDirectories(folder.resolve("annotations"));
          Files.write(annotations.resolve("instances_train.json"), input);
          samples(open(catalogue.dataset("coco"), folder));
        });
  }

  private Reader detections() {
    Path truth = file("truth.json", texts(INSTANCES).getFirst());
    return new Reader(
        "COCO detections",
        10,
        JSON,
        texts(DETECTIONS),
        input -> {
          Path file = file("detections.json", input);
          for (DetectionScore.Kind kind : DetectionScore.Kind.values()) {
            DetectionScore.of(truth, file, kind, DetectionScore.Protocol.COCO);
          }
        });
  }

  private Reader safetensors() {
    byte[] seed =
        texts(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
                    + "\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[16,24]},"
                    + "\"__metadata__\":{\"step\":\"1\"}}")
            .getFirst();
    byte[] whole =
        java.nio.ByteBuffer.allocate(8 + seed.length + 24)
            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
            .putLong(seed.length)
            .put(seed)
            .array();
    return new Reader(
        "safetensors",
        20,
        JSON,
        List.of(whole),
        input -> {
          try (SafeTensors tensors = SafeTensors.open(file("input.safetensors", input))) {
            tensors.names().forEach(tensors::bytes);
          }
        });
  }

  private Reader runRecord() {
    return new Reader(
        "run.json",
        10,
        JSON,
        List.of(bytes("run.json")),
        input -> {
          file("record/run.json", input);
          try (RunFolder folder = RunFolder.reading(temp.resolve("record"))) {
            folder.record();
          }
        });
  }

  private Reader metrics() {
    file("metrics/run.json", texts("{}").getFirst());
    return new Reader(
        "metrics.jsonl",
        10,
        JSON,
        List.of(bytes("metrics.jsonl")),
        input -> {
          file("metrics/metrics.jsonl", input);
          try (RunFolder folder = RunFolder.reading(temp.resolve("metrics"))) {
            folder.metrics().last("total");
          }
        });
  }

  private Reader vocabulary() {
    return new Reader(
        "vocabulary",
        10,
        List.of("[PAD]", "##", "\n", "\n\n", "\r\n", "\u0000", "\ufeff"),
        List.of(bytes("modalities/caption/vocabulary.txt")),
        input -> {
          String file = file("vocabulary.txt", input).toString();
          modality(catalogue.modality("text"), Map.of("vocabulary", file))
              .plain(Cell.Strings.of("a large red circle"));
        });
  }

  private Reader tokenizer() {
    String file = file("words.txt", bytes("modalities/caption/vocabulary.txt")).toString();
    Modality text = modality(catalogue.modality("text"), Map.of("vocabulary", file));
    return new Reader(
        "captions",
        40,
        List.of("\u0000", "😀", "\u0301", "\u0130", "中", "\u202e", "\u200d", "ﷺ", "##", "[CLS]"),
        texts("a large red circle", "\u0130\u0307 😀 中文 e\u0301\u0301 \u202e \u200b\ufeff ﷺ"),
        input -> text.plain(Cell.Strings.of(utf8(input))));
  }

  private Reader pictures() {
    Modality image =
        modality(catalogue.modality("image"), Map.of("size", 8, "encoder", "resnet18"));
    return new Reader(
        "pictures",
        5,
        List.of(),
        examples().filter(picture -> canBeRead(image, picture)).toList(),
        input -> image.plain(new Cell.Bytes(input, "input")));
  }

  /// Some of the pictures by which decoders are tested are of kinds that are refused.
  private static boolean canBeRead(Modality image, byte... picture) {
    try {
      return !image.plain(new Cell.Bytes(picture, "example")).isEmpty();
    } catch (MmctException e) {
      return false;
    }
  }

  /// The pictures by which the decoders are tested.
  private static Stream<byte[]> examples() {
    Path folder = Path.of("..", "mmct.vision", "src", "test", "resources");
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(jpe?g|png|gif|bmp|tiff?|webp)"))
          .sorted()
          .map(Readers::read)
          .filter(picture -> picture.length < 1 << 16)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <O extends Record> DataSource open(DatasetProvider<O> provider, Path location) {
    return provider.open(
        Settings.empty().bind(provider.options()),
        new DatasetProvider.Request(Optional.of(location), Map.of()));
  }

  private static void samples(DataSource source) {
    for (String split : source.splits()) {
      Dataset samples = source.split(split);
      for (int i = 0; i < samples.size(); i++) {
        samples.get(i);
      }
    }
  }

  private static <O extends Record> Modality modality(
      ModalityProvider<O> provider, Map<String, Object> options) {
    return provider.create(
        Settings.of(options).bind(provider.options()),
        ModalityContext.inMemory("m", new InMemoryDataset(List.of())));
  }

  private static String utf8(byte... input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  private byte[] bytes(String name) {
    return read(run.resolve(name));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String name, byte... content) {
    try {
      Path file = temp.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
