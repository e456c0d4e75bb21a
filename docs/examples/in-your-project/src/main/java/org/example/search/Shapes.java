package org.example.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import mmct.api.data.Cell;
import mmct.api.data.Sample;

/// Pictures of one coloured shape each, with a caption: the samples of the example, in memory.
final class Shapes {
  static final List<String> COLOURS = List.of("red", "green", "blue", "white");
  static final List<String> SHAPES = List.of("circle", "square", "cross");
  private static final int SIDE = 32;

  private Shapes() {}

  /// Draws samples; the id tells what is to be seen, such as `blue square 17`.
  static List<Sample> samples(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int colour = random.nextInt(COLOURS.size());
      int shape = random.nextInt(SHAPES.size());
      String name = COLOURS.get(colour) + " " + SHAPES.get(shape);
      samples.add(
          new Sample(
              name + " " + i,
              Map.of(
                  "image",
                  new Cell.ByteGrid(pixels(colour, shape, random), SIDE, SIDE, 3),
                  "caption",
                  Cell.Strings.of("a " + name, "the " + name))));
    }
    return samples;
  }

  /// Red, green and blue of every pixel, `[side, side, 3]`.
  private static byte[] pixels(int colour, int shape, SplittableRandom random) {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    int centreX = random.nextInt(12, 20);
    int centreY = random.nextInt(12, 20);
    int radius = random.nextInt(6, 11);
    for (int i = 0; i < pixels.length; i++) {
      int x = Math.abs(i / 3 % SIDE - centreX);
      int y = Math.abs(i / 3 / SIDE - centreY);
      boolean inside =
          switch (SHAPES.get(shape)) {
            case "circle" -> x * x + y * y <= radius * radius;
            case "square" -> Math.max(x, y) <= radius;
            default -> Math.min(x, y) <= radius / 4 && Math.max(x, y) <= radius;
          };
      boolean lit = inside && (COLOURS.get(colour).equals("white") || i % 3 == colour);
      pixels[i] = (byte) ((lit ? 200 : 20) + random.nextInt(40));
    }
    return pixels;
  }
}
