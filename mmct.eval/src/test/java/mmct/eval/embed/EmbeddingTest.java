package mmct.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.io.Checksums;
import mmct.api.spi.Catalogue;
import mmct.api.training.data.BrokenCell;
import mmct.eval.embed.EmbeddingTarget.Format;
import mmct.eval.encode.EncodingOptions;
import mmct.eval.encode.OnnxEncoder;
import mmct.eval.encode.TinyEncoders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {
  private static final List<String> WORDS = List.of("a", "dog", "cat", "runs", "cats", "dogs");

  @TempDir private static Path models;
  private static OnnxEncoder encoder;

  @TempDir private Path folder;

  @BeforeAll
  static void export() {
    Path file =
        TinyEncoders.export(
                "text",
                "{maxLength: 12, encoder: {type: transformer, width: 16, heads: 2}}",
                Map.of(
                    "vocabulary.txt",
                    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ndog\ncat\nruns\n##s\n"),
                models)
            .file();
    encoder = OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load());
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  /// Samples of no, one, two or three texts of different lengths.
  private static Dataset samples(int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> texts = new ArrayList<>();
      for (int text = 0; text < i % 4; text++) {
        texts.add(
            String.join(" ", WORDS.subList(0, 1 + (i + text) % WORDS.size()))
                + " "
                + WORDS.get(i % 6));
      }
      Map<String, Cell> cells = new LinkedHashMap<>();
      if (!texts.isEmpty()) {
        cells.put("text", new Cell.Strings(texts));
      }
      samples.add(new Sample(i == 3 ? "a, \"b\"" : "s" + i, cells));
    }
    return new InMemoryDataset(samples);
  }

  private static final class Silent implements Embedding.Listener {
    @Override
    public void encoded(int samples, int of, int resumedAt) {}

    @Override
    public void broken(BrokenCell cell) {
      throw new AssertionError(cell);
    }
  }

  /// Dies, as if it were killed, after so many batches.
  private static final class Killed implements Embedding.Listener {
    private int left;

    Killed(int batches) {
      left = batches;
    }

    @Override
    public void encoded(int samples, int of, int resumedAt) {
      if (left-- == 0) {
        throw new UncheckedIOException(new IOException("killed"));
      }
    }

    @Override
    public void broken(BrokenCell cell) {}
  }

  private Embedding embedding(Dataset samples, EmbeddingTarget target) {
    return new Embedding(encoder, samples, "data", target, Duration.ZERO);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void rowsAreThoseOfTheEncoderInTheOrderOfTheSamples() throws IOException {
    Dataset samples = samples(23);
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("f.npy"));
    Embedding.Outcome outcome = embedding(samples, target).run(new Silent());

    List<Cell> cells = samples.cells("text").toList();
    List<float[]> expected = encoder.encode(cells);
    assertThat(outcome).isEqualTo(new Embedding.Outcome(expected.size(), 0, 0, 0));
    ByteBuffer npy =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("f.npy"))).order(ByteOrder.LITTLE_ENDIAN);
    byte[] start = new byte[128];
    npy.get(start);
    assertThat(new String(start, 1, 5, StandardCharsets.US_ASCII)).isEqualTo("NUMPY");
    assertThat(new String(start, 10, 118, StandardCharsets.US_ASCII).strip())
        .isEqualTo(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, 16), }"
                .formatted(expected.size()));
    assertThat(npy.remaining()).isEqualTo(expected.size() * 16 * Float.BYTES);
    for (float[] row : expected) {
      float[] written = new float[16];
      for (int i = 0; i < 16; i++) {
        written[i] = npy.getFloat();
      }
      // Other batches pad to other lengths, which moves the last digits.
      assertThat(written).usingComparatorWithPrecision(1e-5f).containsExactly(row);
    }
    List<String> ids = Files.readAllLines(folder.resolve("f.npy.ids.csv"));
    assertThat(ids.subList(0, 8))
        .containsExactly(
            "row,id,item",
            "0,s1,0",
            "1,s2,0",
            "2,s2,1",
            "3,\"a, \"\"b\"\"\",0",
            "4,\"a, \"\"b\"\"\",1",
            "5,\"a, \"\"b\"\"\",2",
            "6,s5,0");
    assertThat(ids).hasSize(expected.size() + 1);
    assertThat(names()).containsExactly("f.npy", "f.npy.ids.csv", "f.npy.sha256");
  }

  @Test
  void bothFormatsHoldTheSameNumbers() throws IOException {
    EmbeddingTarget target =
        new EmbeddingTarget(folder.resolve("f.npy"), Set.of(Format.NPY, Format.CSV));
    embedding(samples(9), target).run(new Silent());

    assertThat(names()).containsExactly("f.csv", "f.npy", "f.npy.ids.csv", "f.npy.sha256");
    List<String> lines = Files.readAllLines(folder.resolve("f.csv"));
    assertThat(lines.getFirst()).startsWith("id,item,f0,f1,").endsWith(",f15");
    ByteBuffer npy =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("f.npy"))).order(ByteOrder.LITTLE_ENDIAN);
    npy.position(128);
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",");
      for (String field : Arrays.copyOfRange(fields, fields.length - 16, fields.length)) {
        assertThat(Float.parseFloat(field)).isEqualTo(npy.getFloat());
      }
    }
    assertThat(npy.remaining()).isZero();
  }

  @Test
  void whatWasKilledAnywhereGoesOnToTheSameBytes() throws IOException {
    Dataset samples = samples(41);
    EmbeddingTarget whole =
        new EmbeddingTarget(folder.resolve("whole.npy"), Set.of(Format.NPY, Format.CSV));
    embedding(samples, whole).run(new Silent());

    for (int batches : List.of(0, 1, 2, 5, 9)) {
      EmbeddingTarget target =
          new EmbeddingTarget(
              folder.resolve("killed" + batches + ".npy"), Set.of(Format.NPY, Format.CSV));
      int died = 0;
      int resumedAt = -1;
      while (resumedAt < 0) {
        try {
          // Every time it comes a little further before it dies.
          Embedding.Outcome outcome =
              embedding(samples, target).run(new Killed(batches + 3 * died));
          resumedAt = outcome.resumedAt();
        } catch (UncheckedIOException e) {
          died++;
          target.files().forEach(file -> assertThat(file).doesNotExist());
        }
      }
      assertThat(died).isPositive();
      assertThat(resumedAt).isPositive();
      for (int i = 0; i < 3; i++) {
        assertThat(target.files().get(i)).hasSameBinaryContentAs(whole.files().get(i));
      }
    }
    assertThat(names()).noneMatch(name -> name.endsWith(".part") || name.endsWith(".progress"));
  }

  @Test
  void whatIsWrittenAfterTheMilestoneIsTakenBack() throws IOException {
    Dataset samples = samples(41);
    EmbeddingTarget whole = EmbeddingTarget.named(folder.resolve("whole.npy"));
    embedding(samples, whole).run(new Silent());
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("torn.npy"));
    assertThatThrownBy(() -> embedding(samples, target).run(new Killed(6)))
        .isInstanceOf(UncheckedIOException.class);
    Path part = folder.resolve("torn.npy.part");
    Files.write(part, new byte[1000], java.nio.file.StandardOpenOption.APPEND);

    assertThat(embedding(samples, target).run(new Silent()).resumedAt()).isPositive();
    assertThat(folder.resolve("torn.npy")).hasSameBinaryContentAs(folder.resolve("whole.npy"));
  }

  @Test
  void whatAnotherJobHasLeftIsNotGoneOnWith() {
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("f.npy"));
    assertThatThrownBy(() -> embedding(samples(41), target).run(new Killed(6)))
        .isInstanceOf(UncheckedIOException.class);
    Embedding other = new Embedding(encoder, samples(41), "other data", target, Duration.ZERO);
    assertThat(other.run(new Silent()).resumedAt()).isZero();
  }

  @Test
  void featuresThatAreThereAreNotWrittenOver() throws IOException {
    Files.writeString(folder.resolve("f.npy"), "precious");
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("f.npy"));
    assertThatThrownBy(() -> embedding(samples(5), target).run(new Silent()))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(folder.resolve("f.npy") + " is there already");
    assertThat(names()).containsExactly("f.npy");
  }

  @Test
  void dataWithoutTheModalityIsRefusedAndLeavesNothing() throws IOException {
    Dataset pictures =
        new InMemoryDataset(
            List.of(new Sample("p", Map.of("image", new Cell.File(Path.of("p.jpg"))))));
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("f.npy"));
    assertThatThrownBy(() -> embedding(pictures, target).run(new Silent()))
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "none of the 1 samples has text; it is read from the columns caption, caption_* of a"
                + " manifest, and --columns names others");
    assertThat(names()).isEmpty();
  }

  @Test
  void aFailureBeforeTheFirstMilestoneLeavesNothing() throws IOException {
    Dataset numbers =
        new InMemoryDataset(
            List.of(new Sample("n", Map.of("text", new Cell.Numbers(new float[] {1}, 1)))));
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("f.npy"));
    assertThatThrownBy(() -> embedding(numbers, target).run(new Silent()))
        .isInstanceOf(MmctException.class)
        .hasMessage("sample 'n': text reads text but was given Numbers");
    assertThat(names()).isEmpty();
  }

  @Test
  void cellsThatCannotBeReadAreLeftOutAndCounted() throws IOException {
    Path file =
        TinyEncoders.export("image", "{encoder: resnet18, size: 16}", Map.of(), models).file();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Cell cell =
          i % 3 == 0
              ? new Cell.Bytes(new byte[] {1, 2}, "broken" + i)
              : new Cell.ByteGrid(new byte[20 * 20 * 3], 20, 20, 3);
      samples.add(new Sample("p" + i, Map.of("image", cell)));
    }
    List<String> told = new ArrayList<>();
    EncodingOptions options = TinyEncoders.quickly();
    try (OnnxEncoder pictures = OnnxEncoder.open(file, options, Catalogue.load())) {
      Embedding.Outcome outcome =
          new Embedding(
                  pictures,
                  new InMemoryDataset(samples),
                  "data",
                  EmbeddingTarget.named(folder.resolve("p.csv")))
              .run(
                  new Embedding.Listener() {
                    @Override
                    public void encoded(int done, int of, int resumedAt) {}

                    @Override
                    public void broken(BrokenCell cell) {
                      told.add(cell.sample());
                    }
                  });
      assertThat(outcome).isEqualTo(new Embedding.Outcome(6, 4, 0, 0));
    }
    assertThat(told).containsExactly("p0", "p3", "p6", "p9");
    assertThat(Files.readAllLines(folder.resolve("p.csv.ids.csv")))
        .containsExactly("row,id,item", "0,p1,0", "1,p2,0", "2,p4,0", "3,p5,0", "4,p7,0", "5,p8,0");
  }

  @Test
  void whereNothingCanBeReadNothingIsWritten() throws IOException {
    Path file =
        TinyEncoders.export("image", "{encoder: resnet18, size: 16}", Map.of(), models).file();
    Sample broken = new Sample("p", Map.of("image", new Cell.Bytes(new byte[] {1, 2}, "broken")));
    try (OnnxEncoder pictures = OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load())) {
      Embedding embedding =
          new Embedding(
              pictures,
              new InMemoryDataset(List.of(broken)),
              "data",
              EmbeddingTarget.named(folder.resolve("p.npy")));
      assertThatThrownBy(() -> embedding.run(new Killed(9)))
          .isInstanceOf(MmctException.class)
          .hasMessage("nothing is written: no image of the 1 samples can be read");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void aPartialFileThatStandsForAnotherIsRefusedAndTheOtherIsLeftAlone() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "words of another");
    Path part = folder.resolve("f.npy.part");
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("f.npy"));
    Files.createSymbolicLink(part, precious);
    assertThatThrownBy(() -> embedding(samples(5), target).run(new Silent()))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(part + " is a symbolic link");
    Files.delete(part);
    Files.createLink(part, precious);
    assertThatThrownBy(() -> embedding(samples(5), target).run(new Silent()))
        .isInstanceOf(MmctException.class)
        .hasMessageStartingWith(part + " is a second name of another file");
    assertThat(precious).hasContent("words of another");

    Files.delete(part);
    Files.createSymbolicLink(folder.resolve("f.npy.progress.part"), precious);
    assertThat(embedding(samples(5), target).run(new Silent()).rows()).isPositive();
    assertThat(precious).hasContent("words of another");
  }

  @Test
  void featuresThatAreNoNumbersEndItBeforeTheyAreWrittenAndNameTheSamples() throws IOException {
    Path file = NotANumber.encoder(models.resolve("nan.onnx"));
    EmbeddingTarget target = EmbeddingTarget.named(folder.resolve("n.npy"));
    Dataset numbers = NotANumber.samples(10, 4, 7);
    try (OnnxEncoder some = OnnxEncoder.open(file, TinyEncoders.quickly(), Catalogue.load())) {
      Embedding stopping = new Embedding(some, numbers, "data", target, Duration.ZERO);
      assertThatThrownBy(() -> stopping.run(new Silent()))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("NaN or infinite in ")
          .hasMessageContaining("sample 's4'")
          .hasMessageContaining("--non-finite keep");
      assertThat(folder.resolve("n.npy")).doesNotExist();

      List<String> told = new ArrayList<>();
      Embedding.Outcome outcome =
          stopping
              .keepingNonFinite()
              .run(
                  new Embedding.Listener() {
                    @Override
                    public void encoded(int samples, int of, int resumedAt) {}

                    @Override
                    public void broken(BrokenCell cell) {}

                    @Override
                    public void nonFinite(String id) {
                      told.add(id);
                    }
                  });
      assertThat(outcome.rows()).isEqualTo(10);
      assertThat(outcome.nonFinite()).isEqualTo(2);
      assertThat(told).containsExactly("s4", "s7");
    }
  }

  @Test
  void theChecksumsAreThoseOfTheFiles() throws IOException {
    EmbeddingTarget target =
        new EmbeddingTarget(folder.resolve("f.npy"), Set.of(Format.NPY, Format.CSV));
    embedding(samples(9), target).run(new Silent());
    List<String> lines = new ArrayList<>();
    for (String name : List.of("f.csv", "f.npy", "f.npy.ids.csv")) {
      lines.add(Checksums.of(folder.resolve(name)) + "  " + name);
    }
    assertThat(Files.readAllLines(target.checksums())).containsExactlyElementsOf(lines);
  }

  @Test
  void anEndingOfAnotherFormatIsRefused() {
    assertThatThrownBy(() -> new EmbeddingTarget(Path.of("x.csv"), Set.of(Format.NPY)))
        .isInstanceOf(MmctException.class)
        .hasMessage("the file of features ends in .csv but its format is to be npy, x.csv");
  }

  @Test
  void theEndingSaysTheFormat() {
    assertThat(EmbeddingTarget.named(Path.of("a.csv")).formats()).containsExactly(Format.CSV);
    assertThatThrownBy(() -> EmbeddingTarget.named(Path.of("a.txt")))
        .hasMessageContaining("must end in .npy or .csv");
  }
}
