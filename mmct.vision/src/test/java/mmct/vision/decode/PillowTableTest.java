package mmct.vision.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import mmct.api.data.BrokenCellException;
import mmct.vision.ImageOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every format beside what Pillow makes of the same file: `pictures/make_pictures.py` made the
/// files and says of each what is right, how far it may be missed, and why.
class PillowTableTest {
  /// A line of the table.
  ///
  /// @param width columns upright; 0 where the picture is refused
  /// @param most how far a sample may be off
  /// @param mean how far samples may be off on average
  /// @param why they may, or with which words the picture is refused
  /// @param rgb what Pillow reads
  private record Line(
      String picture, int width, int height, int most, double mean, String why, byte[] rgb) {}

  @ParameterizedTest
  @EnumSource(value = ImageOptions.Decoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void picturesAreReadAsPillowReadsThem(ImageOptions.Decoder which) throws IOException {
    ImageDecoder decoder = Decoders.of(which, 100_000_000);
    List<String> report = new ArrayList<>();
    for (Line line : table()) {
      if (line.width() > 0) {
        compare(line, decoder).ifPresent(report::add);
      }
    }

    assertThat(report).isEmpty();
  }

  private static Optional<String> compare(Line line, ImageDecoder decoder) throws IOException {
    Pixels pixels;
    try {
      pixels = decoder.read(content(line.picture()), line.picture()).pixels();
    } catch (BrokenCellException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (pixels.width() != line.width() || pixels.height() != line.height()) {
      return Optional.of("%s: %d × %d".formatted(line.picture(), pixels.width(), pixels.height()));
    }
    int most = 0;
    long sum = 0;
    for (int i = 0; i < line.rgb().length; i++) {
      int difference = Math.abs((pixels.rgb()[i] & 0xff) - (line.rgb()[i] & 0xff));
      most = Math.max(most, difference);
      sum += difference;
    }
    double mean = (double) sum / line.rgb().length;
    return most > line.most() || mean > line.mean()
        ? Optional.of(
            String.format(
                Locale.ROOT, "%s: off by %d, %.2f on average", line.picture(), most, mean))
        : Optional.empty();
  }

  @ParameterizedTest
  @EnumSource(value = ImageOptions.Decoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void whatNotEveryDecoderReadsIsRefusedByAll(ImageOptions.Decoder which) throws IOException {
    ImageDecoder decoder = Decoders.of(which, 100_000_000);
    for (Line line : table()) {
      if (line.width() == 0) {
        byte[] content = content(line.picture());
        assertThatThrownBy(() -> decoder.read(content, line.picture()).pixels())
            .as(line.picture())
            .isInstanceOf(BrokenCellException.class)
            .hasMessageStartingWith(line.picture() + " is ")
            .hasMessageContaining(line.why());
      }
    }
  }

  @Test
  void tableHasEveryPicture() throws IOException {
    assertThat(table()).hasSizeGreaterThan(150);
    Path folder = Path.of("src/test/resources/pictures");
    Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: not run in the module's folder");
    try (var files = Files.list(folder)) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .filteredOn(it -> !it.endsWith(".py") && !it.endsWith(".csv") && !it.endsWith(".gz"))
          .containsExactlyInAnyOrderElementsOf(table().stream().map(Line::picture).toList());
    }
  }

  private static List<Line> table() throws IOException {
    String text = new String(content("table.csv"), StandardCharsets.UTF_8);
    byte[] expected;
    try (InputStream in = new GZIPInputStream(open("expected.rgb.gz"))) {
      expected = in.readAllBytes();
    }
    List<Line> lines = new ArrayList<>();
    int at = 0;
    for (String line : text.lines().skip(1).toList()) {
      String[] cells = line.split(",", 6);
      int width = Integer.parseInt(cells[1]);
      int height = Integer.parseInt(cells[2]);
      byte[] rgb = Arrays.copyOfRange(expected, at, at + 3 * width * height);
      at += rgb.length;
      int most = Integer.parseInt(cells[3]);
      lines.add(
          new Line(
              cells[0],
              width,
              height,
              most,
              Double.parseDouble(cells[4]),
              cells[5].replace("\"", ""),
              rgb));
    }
    assertThat(at).isEqualTo(expected.length);
    return lines;
  }

  private static byte[] content(String name) throws IOException {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(
        PillowTableTest.class.getResourceAsStream("/pictures/" + name), name);
  }
}
