package mmct.api.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import mmct.api.MmctException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `reference.safetensors` and `reference-further.safetensors` were written by the format's own
/// Python library, version 0.8.0, from one array of each type.
class SafeTensorsTest {
  @TempDir Path folder;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Path reference() throws IOException {
    return resource("reference.safetensors");
  }

  private Path resource(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = SafeTensorsTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  @Test
  void readsWhatTheReferenceWroteAsWeights() throws IOException {
    try (SafeTensors file = SafeTensors.open(reference())) {
      assertThat(file.metadata())
          .isEqualTo(Map.of("made", "by the reference", "ü", "\"quoted\"\n"));
      assertThat(file.names()).hasSize(12);
      NDArray f32 = file.read("f32", manager);
      assertThat(f32.getShape()).isEqualTo(new Shape(2, 2));
      assertThat(f32.toFloatArray()).containsExactly(1.5f, -2.25f, 3e-41f, Float.POSITIVE_INFINITY);
      assertThat(file.read("f64", manager).toFloatArray())
          .containsExactly(0.1f, Float.NEGATIVE_INFINITY);
      assertThat(file.read("f16", manager).toFloatArray())
          .containsExactly(1f, 65504f, 5.9604645e-8f);
      assertThat(file.read("bf16", manager).toFloatArray()).containsExactly(1f, -3.140625f);
      assertThat(file.read("i64", manager).toLongArray()).containsExactly(-(1L << 62), 5);
      assertThat(file.read("i32", manager).toLongArray()).containsExactly(-7, 1 << 30);
      assertThat(file.read("i16", manager).toLongArray()).containsExactly(-300, 300);
      assertThat(file.read("i8", manager).toLongArray()).containsExactly(-128, 127);
      assertThat(file.read("u8", manager).toLongArray()).containsExactly(0, 255);
      assertThat(file.read("bool", manager).toBooleanArray()).containsExactly(true, false, true);
      NDArray scalar = file.read("scalar", manager);
      assertThat(scalar.getShape()).isEqualTo(new Shape());
      assertThat(scalar.toFloatArray()).containsExactly(7f);
      assertThat(file.read("empty", manager).getShape()).isEqualTo(new Shape(0, 3));
    }
  }

  /// The types that weights seldom have: unsigned numbers and 8-bit floats.
  @Test
  void readsTheFurtherTypesOfTheReference() throws IOException {
    try (SafeTensors file = SafeTensors.open(resource("reference-further.safetensors"))) {
      assertThat(file.read("u16", manager).toLongArray()).containsExactly(0, 65535);
      assertThat(file.read("u32", manager).toLongArray()).containsExactly(7, 4294967295L);
      assertThat(file.read("u64", manager).toLongArray()).containsExactly(9, Long.MAX_VALUE);
      assertThat(file.read("e4m3", manager).toFloatArray())
          .containsExactly(1f, -448f, 0.001953125f, 0f, -0.01171875f, Float.NaN);
      assertThat(file.read("e5m2", manager).toFloatArray())
          .containsExactly(1f, -57344f, 1.52587890625e-05f, Float.POSITIVE_INFINITY);
    }
  }

  @Test
  void readsExactlyWhatTheEngineCanHold() throws IOException {
    try (SafeTensors file = SafeTensors.open(reference())) {
      NDArray f64 = file.readExact("f64", manager);
      assertThat(f64.getDataType()).isEqualTo(DataType.FLOAT64);
      assertThat(f64.toDoubleArray()).containsExactly(0.1, -1e300);
      assertThat(file.readExact("i32", manager).toIntArray()).containsExactly(-7, 1 << 30);
      assertThat(file.readExact("f16", manager).getDataType()).isEqualTo(DataType.FLOAT16);
      assertThatThrownBy(() -> file.readExact("bf16", manager))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("BF16 of 'bf16'");
    }
  }

  @Test
  void givesTheBytesAsTheyAre() throws IOException {
    try (SafeTensors file = SafeTensors.open(reference())) {
      assertThat(file.type("bf16")).isEqualTo(ElementType.BF16);
      assertThat(file.bytes("bf16").toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(0x80, 0x3f, 0x49, 0xc0);
      assertThat(file.bytes("empty").byteSize()).isZero();
    }
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() {
    Path target = folder.resolve("new/written.safetensors");
    NDArray floats = manager.randomNormal(new Shape(7, 5, 3));
    NDArray transposed = floats.transpose(2, 0, 1);
    NDArray booleans = floats.gt(0);
    NDArray bytes = manager.create(new byte[] {-128, 0, 127}, new Shape(3));
    new SafeTensorsWriter()
        .metadata("first", "ä\u0000\"\\")
        .add("booleans", booleans)
        .add("bytes", bytes)
        .add("floats", floats)
        .add("transposed", transposed)
        .add("numbers", new long[] {Long.MIN_VALUE, 3})
        .add("scalar", manager.create(Float.MIN_VALUE))
        .add("empty", manager.create(new Shape(4, 0)))
        .write(target);
    try (SafeTensors file = SafeTensors.open(target)) {
      assertThat(file.metadata()).isEqualTo(Map.of("first", "ä\u0000\"\\"));
      assertThat(file.readExact("booleans", manager).contentEquals(booleans)).isTrue();
      assertThat(file.readExact("bytes", manager).toByteArray()).containsExactly(-128, 0, 127);
      assertThat(file.readExact("floats", manager).contentEquals(floats)).isTrue();
      assertThat(file.readExact("transposed", manager).contentEquals(transposed)).isTrue();
      assertThat(file.readExact("numbers", manager).toLongArray())
          .containsExactly(Long.MIN_VALUE, 3);
      assertThat(file.readExact("scalar", manager).getFloat()).isEqualTo(Float.MIN_VALUE);
      assertThat(file.shape("empty")).isEqualTo(new Shape(4, 0));
    }
  }

  @Test
  void elementsAreAlignedInTheFile() {
    Path target = folder.resolve("aligned.safetensors");
    new SafeTensorsWriter()
        .add("bytes", manager.create(new byte[3], new Shape(3)))
        .add("numbers", new long[] {1})
        .add("floats", manager.ones(new Shape(3)))
        .write(target);
    try (SafeTensors file = SafeTensors.open(target)) {
      assertThat(file.names()).containsExactly("numbers", "floats", "bytes");
      assertThat(file.bytes("numbers").address() % 8).isZero();
      assertThat(file.bytes("floats").address() % 4).isZero();
    }
  }

  @Test
  void largeArraysGoByPiecesWithoutADifference() throws IOException {
    NDArray floats = manager.randomNormal(new Shape(10, 7));
    Path whole = folder.resolve("whole.safetensors");
    Path pieces = folder.resolve("pieces.safetensors");
    new SafeTensorsWriter().add("x", floats).add("t", floats.transpose()).write(whole);
    new SafeTensorsWriter(11).add("x", floats).add("t", floats.transpose()).write(pieces);
    assertThat(pieces).hasSameBinaryContentAs(whole);
    try (SafeTensors file = SafeTensors.open(pieces, 13)) {
      assertThat(file.read("x", manager).contentEquals(floats)).isTrue();
      assertThat(file.read("t", manager).contentEquals(floats.transpose())).isTrue();
    }
  }

  @Test
  void readingAndWritingLeavesNothingInTheManager() {
    try (NDManager own = manager.newSubManager()) {
      NDArray floats = own.ones(new Shape(6, 4));
      NDArray transposed = floats.transpose();
      int before = own.getManagedArrays().size();
      Path target = folder.resolve("x.safetensors");
      new SafeTensorsWriter(5).add("x", floats).add("t", transposed).write(target);
      assertThat(own.getManagedArrays()).hasSize(before);
      try (SafeTensors file = SafeTensors.open(target, 5)) {
        file.read("x", own);
      }
      assertThat(own.getManagedArrays()).hasSize(before + 1);
    }
  }

  @Test
  void aNameIsTakenOnce() {
    SafeTensorsWriter writer = new SafeTensorsWriter().add("x", new long[1]);
    assertThatThrownBy(() -> writer.add("x", new long[1])).hasMessageContaining("'x' is taken");
    assertThatThrownBy(() -> writer.add("__metadata__", new long[1]))
        .hasMessageContaining("__metadata__");
  }

  @Test
  void contentOfAnotherSizeThanItsShapeLeavesNoFile() {
    Path target = folder.resolve("short.safetensors");
    SafeTensorsWriter writer =
        new SafeTensorsWriter().add("x", ElementType.U8, new Shape(4), channel -> {});
    assertThatThrownBy(() -> writer.write(target)).hasMessageContaining("'x'");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anUnknownNameAndAMissingFileAreNamed() throws IOException {
    try (SafeTensors file = SafeTensors.open(reference())) {
      assertThatThrownBy(() -> file.read("nothing", manager))
          .isInstanceOf(MmctException.class)
          .hasMessageContaining("reference.safetensors")
          .hasMessageContaining("'nothing'");
    }
    assertThatThrownBy(() -> SafeTensors.open(folder.resolve("missing.safetensors")))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("missing.safetensors")
        .hasMessageContaining("no such file");
  }

  /// Whatever one byte of the header becomes, the file is read or refused in one sentence.
  @Test
  void noSingleChangedByteOfTheHeaderDoesAnythingButRefuseOrRead() throws IOException {
    byte[] good = Files.readAllBytes(reference());
    Path file = folder.resolve("changed.safetensors");
    int header = good.length - 81;
    int refused = 0;
    for (int at = 0; at < header; at++) {
      for (int bit : new int[] {0, 3, 6}) {
        byte[] changed = good.clone();
        changed[at] ^= (byte) (1 << bit);
        Files.write(file, changed);
        try (SafeTensors opened = SafeTensors.open(file)) {
          assertThat(opened.names()).hasSizeBetween(1, 13);
        } catch (MmctException e) {
          assertThat(e).hasMessageContaining("changed.safetensors").hasMessageNotContaining("\n");
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(header);
  }

  @Test
  void noTruncationIsRead() throws IOException {
    byte[] good = Files.readAllBytes(reference());
    Path file = folder.resolve("cut.safetensors");
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> SafeTensors.open(file)).isInstanceOf(MmctException.class);
    }
  }

  @Test
  void theElementTypesOfTheFormatAreKnown() {
    assertThat(Set.of(ElementType.values())).hasSize(15);
    assertThat(ElementType.of(DataType.UINT8)).isEqualTo(ElementType.U8);
    assertThatThrownBy(() -> ElementType.of(DataType.STRING))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
