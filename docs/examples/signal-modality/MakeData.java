import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/// Writes data to try the modality on: `java MakeData.java FOLDER [SAMPLES]`.
///
/// Each sample is a coloured shape that turns, seen three ways: a picture, a caption, and a series
/// whose wave tells the shape and whose frequency tells the colour. Every third cell is left empty.
public final class MakeData {
  private static final List<String> SHAPES = List.of("circle", "square", "triangle", "cross");
  private static final List<String> COLOURS = List.of("red", "green", "blue", "yellow", "white");
  private static final List<Color> PAINTS =
      List.of(Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW, Color.WHITE);

  private MakeData() {}

  /// Writes `manifest.csv` and `images/`; by default of 600 samples.
  public static void main(String[] arguments) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Path folder = Path.of(arguments[0]);
    int samples = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 600;
    Files.createDirectories(folder.resolve("images"));
    SplittableRandom random = new SplittableRandom(1);
    List<String> lines = new ArrayList<>(List.of("id,image,caption_1,signal,split"));
    for (int i = 0; i < samples; i++) {
      int shape = random.nextInt(SHAPES.size());
      int colour = random.nextInt(COLOURS.size());
      double phase = random.nextDouble();
      // Any of the three may be missing, but never all of them.
      int missing = random.nextInt(7);
      String image = "images/%04d.png".formatted(i);
      boolean seen = (missing & 1) == 0;
      if (seen) {
        ImageIO.write(picture(shape, colour, phase), "png", folder.resolve(image).toFile());
      }
      lines.add(
          String.join(
              ",",
              "s%04d".formatted(i),
              seen ? image : "",
              (missing & 2) == 0 ? caption(shape, colour, random) : "",
              (missing & 4) == 0 ? series(shape, colour, phase, random) : "",
              i % 5 == 4 ? "val" : "train"));
    }
    Files.write(folder.resolve("manifest.csv"), lines);
  }

  private static BufferedImage picture(int shape, int colour, double phase) {
    BufferedImage picture = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = picture.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(PAINTS.get(colour));
    pen.setStroke(new BasicStroke(6));
    pen.rotate(2 * Math.PI * phase, 24, 24);
    switch (SHAPES.get(shape)) {
      case "circle" -> pen.fillOval(9, 9, 30, 30);
      case "square" -> pen.fillRect(11, 11, 26, 26);
      case "triangle" -> pen.fillPolygon(new int[] {24, 40, 8}, new int[] {8, 36, 36}, 3);
      default -> {
        pen.drawLine(8, 24, 40, 24);
        pen.drawLine(24, 8, 24, 40);
      }
    }
    pen.dispose();
    return picture;
  }

  private static String caption(int shape, int colour, SplittableRandom random) {
    List<String> starts = List.of("a", "there is a", "the picture shows a");
    return starts.get(random.nextInt(starts.size()))
        + " "
        + COLOURS.get(colour)
        + " "
        + SHAPES.get(shape);
  }

  private static String series(int shape, int colour, double phase, SplittableRandom random) {
    double[] points = new double[random.nextInt(80, 160)];
    for (int i = 0; i < points.length; i++) {
      double turn = (2.0 + 2 * colour) * i / points.length + phase;
      double sine = Math.sin(2 * Math.PI * turn);
      points[i] =
          switch (SHAPES.get(shape)) {
            case "circle" -> sine;
            case "square" -> Math.signum(sine);
            case "triangle" -> 2 / Math.PI * Math.asin(sine);
            default -> 2 * (turn - Math.floor(turn)) - 1;
          };
    }
    return Arrays.stream(points)
        .mapToObj(point -> String.format(Locale.ROOT, "%.3f", point))
        .collect(Collectors.joining(";"));
  }
}
