package mmct.vision.scenes;

import java.util.Random;
import mmct.api.data.Cell;
import mmct.vision.scenes.Scene.Item;

/// Draws a scene into bytes. Only additions, multiplications, divisions and square roots of doubles
/// touch a pixel, which are the same on every machine.
final class SceneRenderer {
  /// Share of a colour that is left in a shape's outline, which tells white from snow.
  private static final double OUTLINE = 0.45;

  private final int size;
  private final Random random;
  private final byte[] rgb;

  /// A renderer of one picture.
  ///
  /// @param size the side of the picture in pixels
  /// @param random places, turns and tints the shapes
  SceneRenderer(int size, Random random) {
    this.size = size;
    this.random = random;
    rgb = new byte[3 * size * size];
  }

  /// The picture, `[size, size, 3]`.
  Cell.ByteGrid render(Scene scene) {
    Ground ground = new Ground(scene.background(), size, random);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        ground.paint(x, y, rgb, 3 * (y * size + x));
      }
    }
    scene.items().forEach(this::paint);
    return new Cell.ByteGrid(rgb, size, size, 3);
  }

  private void paint(Item item) {
    double cell = (double) size / Scene.GRID;
    double radius = cell / 2 * item.size().radius() * around(1, 0.05);
    double slack = Math.max(cell / 2 - radius, cell / 12);
    double x = cell * (item.column() + 0.5) + around(0, slack);
    double y = cell * (item.row() + 0.5) + around(0, slack);
    double turn = around(0, 0.2);
    Brush brush =
        new Brush(item, x, y, radius, StrictMath.cos(turn), StrictMath.sin(turn), tinted(item));
    int reach = (int) Math.ceil(radius * 1.3) + 1; // a square's corner, turned
    int left = Math.max(0, (int) x - reach);
    int right = Math.min(size, (int) x + reach + 1);
    for (int row = Math.max(0, (int) y - reach); row < Math.min(size, y + reach); row++) {
      for (int column = left; column < right; column++) {
        brush.paint(column, row, rgb, 3 * (row * size + column));
      }
    }
  }

  private double[] tinted(Item item) {
    double[] colour = new double[3];
    for (int c = 0; c < 3; c++) {
      colour[c] = Math.clamp(item.colour().rgb()[c] + around(0, 10), 0, 255);
    }
    return colour;
  }

  private double around(double centre, double spread) {
    return centre + spread * (2 * random.nextDouble() - 1);
  }

  /// A shape at its place.
  ///
  /// @param item what is painted
  /// @param x its centre's column
  /// @param y its centre's row
  /// @param radius in pixels
  /// @param cosine of the angle by which it is turned
  /// @param sine of the angle by which it is turned
  /// @param colour its colour, from 0 to 255
  private record Brush(
      Item item, double x, double y, double radius, double cosine, double sine, double[] colour) {
    void paint(int column, int row, byte[] rgb, int at) {
      double dx = (column + 0.5 - x) / radius;
      double dy = (row + 0.5 - y) / radius;
      double u = cosine * dx + sine * dy;
      double v = cosine * dy - sine * dx;
      double distance = item.kind().distance(u, v) * radius; // in pixels
      double coverage = Math.clamp(0.5 - distance, 0, 1);
      if (coverage == 0) {
        return;
      }
      boolean pattern = item.texture().covers(u, v);
      double edge = Math.clamp(distance + 1.5, 0, 1);
      for (int c = 0; c < 3; c++) {
        double value = pattern ? onPattern(c) : colour[c];
        value *= 1 - edge * (1 - OUTLINE);
        double behind = rgb[at + c] & 0xff;
        rgb[at + c] = (byte) (behind + coverage * (value - behind) + 0.5);
      }
    }

    /// A pattern is lighter than a dark colour and darker than a light one.
    private double onPattern(int channel) {
      double luma = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
      return luma < 180 ? colour[channel] + 0.65 * (255 - colour[channel]) : colour[channel] * 0.5;
    }
  }
}
