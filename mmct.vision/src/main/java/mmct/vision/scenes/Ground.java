package mmct.vision.scenes;

import java.util.Random;

/// A background as a function of the pixel: a colour, a light that falls off to one side, a pattern
/// and noise. Patterns are measured in 64ths of the side, so that pictures of any size look alike.
final class Ground {
  private final Background background;
  private final double scale;
  private final double lightX;
  private final double lightY;
  private final double shift;
  private final double shade;
  private final int salt;

  Ground(Background background, int size, Random random) {
    this.background = background;
    scale = 64.0 / size;
    lightX = (random.nextDouble() - 0.5) * 0.5 / size;
    lightY = (random.nextDouble() - 0.5) * 0.5 / size;
    shift = 16 * random.nextDouble();
    shade = 0.85 + 0.3 * random.nextDouble() - (lightX + lightY) * size / 2;
    salt = random.nextInt();
  }

  /// Writes one pixel.
  void paint(int x, int y, byte[] rgb, int at) {
    double u = x * scale;
    double v = y * scale;
    double light = shade + lightX * x + lightY * y;
    switch (background) {
      case GRASS -> put(rgb, at, light + 0.35 * noise(x, y / 3) + 0.1 * noise(x, y), 70, 130, 50);
      case SAND -> put(rgb, at, light + 0.16 * noise(x, y), 214, 184, 130);
      case WATER -> put(rgb, at, light + wave(u, v) + 0.06 * noise(x, y), 60, 130, 185);
      case NIGHT -> night(u, v, light, rgb, at);
      case SNOW -> put(rgb, at, 0.25 + 0.75 * light + 0.08 * noise(x, y), 225, 232, 242);
      case BRICKS -> bricks(u, v, light + 0.12 * noise(x, y), rgb, at);
    }
  }

  /// Crests that rise and fall across the picture.
  private double wave(double u, double v) {
    double height = 3 * triangle((u + shift) / 22) + v + shift;
    return 0.35 * triangle(height / 9) - 0.15;
  }

  private void night(double u, double v, double light, byte[] rgb, int at) {
    // One star at most in each patch of 4 × 4, in one patch of eight.
    int patch = hash((int) (u / 4), (int) (v / 4));
    double du = u % 4 - 0.5 - (patch & 0xff) / 255.0 * 3;
    double dv = v % 4 - 0.5 - ((patch >>> 8) & 0xff) / 255.0 * 3;
    boolean star = ((patch >>> 16) & 7) == 0 && du * du + dv * dv < 0.6;
    put(rgb, at, star ? 6 : light, 28, 30, 66);
  }

  private void bricks(double u, double v, double light, byte[] rgb, int at) {
    double down = (v + shift) / 8;
    int course = (int) down;
    double along = (u + shift + course % 2 * 7) / 14;
    boolean mortar = down - course < 0.2 || along - (int) along < 0.12;
    double tint = 0.2 * ((hash(course, (int) along) & 0xff) / 255.0 - 0.5);
    if (mortar) {
      put(rgb, at, light, 190, 180, 170);
    } else {
      put(rgb, at, light + tint, 160, 75, 55);
    }
  }

  private static void put(byte[] rgb, int at, double light, int red, int green, int blue) {
    rgb[at] = (byte) Math.clamp(light * red + 0.5, 0, 255);
    rgb[at + 1] = (byte) Math.clamp(light * green + 0.5, 0, 255);
    rgb[at + 2] = (byte) Math.clamp(light * blue + 0.5, 0, 255);
  }

  /// From 0 to 1 and back over a period of 1.
  private static double triangle(double phase) {
    double fraction = phase - Math.floor(phase);
    return 1 - Math.abs(2 * fraction - 1);
  }

  /// Between -1 and 1, by place.
  private double noise(int x, int y) {
    return (hash(x, y) & 0xffff) / 32767.5 - 1;
  }

  private int hash(int x, int y) {
    int h = salt ^ (x * 0x9e3779b1) ^ (y * 0x85ebca77);
    h = (h ^ (h >>> 15)) * 0x2c1b3c6d;
    h = (h ^ (h >>> 12)) * 0x297a2d39;
    return h ^ (h >>> 15);
  }
}
