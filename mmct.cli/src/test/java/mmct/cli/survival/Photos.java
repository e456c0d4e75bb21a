package mmct.cli.survival;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/// A manifest with pictures of noise, and ways to spoil them.
///
/// @param folder holds `manifest.csv` and the pictures
/// @param rows of the manifest, its header first
record Photos(Path folder, List<String> rows) {
  private static final int SIDE = 40;
  private static final List<String> WORDS =
      List.of(
          "red", "blue", "green", "dog", "cat", "bird", "tree", "house", "runs", "sits", "near");

  /// A grey picture of 32 × 32 pixels.
  private static final byte[] JPEG =
      Base64.getDecoder()
          .decode(
              "/9j/4AAQSkZJRgABAgAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEMrKCUlKFI6PjBDYVVmZF9VXVxreJmC"
                  + "a3GRc1xdhbaHkZ6jrK2sZ4C8yrunyJmorKX/wAALCAAgACABAREA/8QAGAABAQEBAQAAAAAAAAAAAAAA"
                  + "BQYDBAL/xAAmEAACAgECBAcBAAAAAAAAAAABAwACEQQFFCEiMQYSQUJhcfDR/9oACAEBAAA/ABkKiCFR"
                  + "FCoghUmUKiKFRFCpweINx4dXBINSxlSGHuaVPp9n93EwQqIoVNddqqbdorPsM2PSsYzm2OWfiSfmZqHW"
                  + "c6xuy5ybGUSFTvVWtKm9yK1qMkk4AElNx1t9y1hZ1BVeS6H2j+n92npCp//Z");

  /// Makes a folder `photos` with so many samples of the split `train`, and as many as a quarter of
  /// them of `val`.
  static Photos make(Path parent, int count) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("photos"));
    List<String> rows = new ArrayList<>(List.of("id,image,caption_1,caption_2,tags,split"));
    Random random = new Random(1);
    for (int i = 0; i < count + count / 4; i++) {
      rows.add(
          "%s,%s,%s,%s,%s,%s"
              .formatted(
                  "s" + i,
                  i + ".png",
                  words(random, " ", 6),
                  words(random, " ", 6),
                  words(random, ";", 4),
                  i < count ? "train" : "val"));
      Files.write(folder.resolve(i + ".png"), png(SIDE, random));
    }
    return new Photos(folder, List.copyOf(rows)).write(rows);
  }

  private static String words(Random random, String separator, int count) {
    return random
        .ints(count, 0, WORDS.size())
        .mapToObj(WORDS::get)
        .collect(Collectors.joining(separator));
  }

  Path manifest() {
    return folder.resolve("manifest.csv");
  }

  Path picture(int number) {
    return folder.resolve(number + ".png");
  }

  /// Writes the manifest anew.
  Photos write(List<String> lines) throws IOException {
    Files.write(manifest(), lines);
    return this;
  }

  /// The manifest without some of its columns.
  Photos without(String... columns) throws IOException {
    List<String> header = List.of(rows.getFirst().split(","));
    return write(
        rows.stream()
            .map(row -> List.of(row.split(",")))
            .map(
                row ->
                    header.stream()
                        .filter(column -> !List.of(columns).contains(column))
                        .map(column -> row.get(header.indexOf(column)))
                        .collect(Collectors.joining(",")))
            .toList());
  }

  /// Puts half a JPEG file in the place of a picture.
  Photos truncate(int number) throws IOException {
    Files.write(picture(number), Arrays.copyOf(JPEG, JPEG.length - 60));
    return this;
  }

  /// Puts a file of a few bytes that claims to be 50,000 pixels wide and high in the place of a
  /// picture.
  Photos claimTooMuch(int number) throws IOException {
    Files.write(picture(number), png(50_000, new Random(2)));
    return this;
  }

  /// Noise of 40 × 40 pixels in a file whose header may claim another size.
  private static byte[] png(int claimed, Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeInt(claimed);
    fields.writeInt(claimed);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    chunk(out, "IHDR", header.toByteArray());
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(pixels)) {
      byte[] row = new byte[1 + 3 * SIDE];
      for (int y = 0; y < SIDE; y++) {
        random.nextBytes(row);
        row[0] = 0;
        deflated.write(row);
      }
    }
    chunk(out, "IDAT", pixels.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  private static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(content);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) check.getValue());
  }
}
