package mmct.vision.augment;

import mmct.vision.resample.Planes;

/// Colour operations in place, with the formulas of Pillow and torchvision but without their
/// rounding to whole numbers in between.
///
/// The loops are branch-free and short, which is what the just-in-time compiler needs to use vector
/// instructions.
final class ColourOperations {
  // Luma by ITU-R BT.601.
  private static final float RED = 0.299f;
  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private ColourOperations() {}

  /// Multiplies every value.
  static void brightness(Planes planes, float factor) {
    mix(planes.red(), factor, 0);
    mix(planes.green(), factor, 0);
    mix(planes.blue(), factor, 0);
  }

  /// Mixes the picture with its mean grey.
  static void contrast(Planes planes, float factor) {
    int pixels = planes.red().length;
    contrast(planes, factor, (float) (sumOfGreys(planes, pixels) / pixels));
  }

  /// Mixes pixels with the mean grey of a picture.
  static void contrast(Planes planes, float factor, float mean) {
    float rest = (1 - factor) * mean;
    mix(planes.red(), factor, rest);
    mix(planes.green(), factor, rest);
    mix(planes.blue(), factor, rest);
  }

  /// The sum of the greys of the first pixels.
  static double sumOfGreys(Planes planes, int pixels) {
    return RED * sum(planes.red(), pixels)
        + GREEN * sum(planes.green(), pixels)
        + BLUE * sum(planes.blue(), pixels);
  }

  /// Four sums side by side, since a sum of floating-point numbers is added one by one.
  private static double sum(float[] plane, int pixels) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < pixels; i += 4) {
      a += plane[i];
      b += plane[i + 1];
      c += plane[i + 2];
      d += plane[i + 3];
    }
    for (; i < pixels; i++) {
      a += plane[i];
    }
    return (a + b) + (c + d);
  }

  private static void mix(float[] plane, float factor, float rest) {
    for (int i = 0; i < plane.length; i++) {
      plane[i] = clamp(plane[i] * factor + rest);
    }
  }

  /// Mixes every pixel with its grey.
  static void saturation(Planes planes, float factor) {
    float[] red = planes.red();
    float[] green = planes.green();
    float[] blue = planes.blue();
    for (int i = 0; i < red.length; i++) {
      float rest = (1 - factor) * (RED * red[i] + GREEN * green[i] + BLUE * blue[i]);
      red[i] = clamp(red[i] * factor + rest);
      green[i] = clamp(green[i] * factor + rest);
      blue[i] = clamp(blue[i] * factor + rest);
    }
  }

  /// Makes every pixel grey.
  static void greyscale(Planes planes) {
    float[] red = planes.red();
    float[] green = planes.green();
    float[] blue = planes.blue();
    for (int i = 0; i < red.length; i++) {
      red[i] = RED * red[i] + GREEN * green[i] + BLUE * blue[i];
    }
    System.arraycopy(red, 0, green, 0, red.length);
    System.arraycopy(red, 0, blue, 0, red.length);
  }

  /// Turns the hue of every pixel; its value (the largest colour) and its chroma (the largest less
  /// the smallest) stay.
  ///
  /// All of HSV's hexagon is scaled by the chroma, which saves dividing by it: a sixth of a turn is
  /// one chroma long, a colour's share falls off linearly between one and two chromas from that
  /// colour's own hue, and pixels without chroma stay as they are.
  ///
  /// @param beside memory of the same size, whose content is lost
  static void hue(Planes planes, float turn, Planes beside) {
    float[] value = beside.red();
    float[] chroma = beside.green();
    float[] hue = beside.blue();
    valueAndChroma(planes, value, chroma);
    hexagon(planes, value, chroma, hue);
    turn(6 * (turn < 0 ? turn + 1 : turn), chroma, hue);
    around(planes.red(), 3, value, chroma, hue);
    around(planes.green(), 5, value, chroma, hue);
    around(planes.blue(), 1, value, chroma, hue);
  }

  private static void valueAndChroma(Planes planes, float[] value, float[] chroma) {
    float[] red = planes.red();
    float[] green = planes.green();
    float[] blue = planes.blue();
    for (int i = 0; i < value.length; i++) {
      value[i] = Math.max(red[i], Math.max(green[i], blue[i]));
      chroma[i] = value[i] - Math.min(red[i], Math.min(green[i], blue[i]));
    }
  }

  /// The hue in chromas, from -1 to 5; by the colour that is largest, where red goes before green
  /// and green before blue.
  private static void hexagon(Planes planes, float[] value, float[] chroma, float[] hue) {
    float[] red = planes.red();
    float[] green = planes.green();
    float[] blue = planes.blue();
    for (int i = 0; i < hue.length; i++) {
      float ofGreen = 2 * chroma[i] + (blue[i] - red[i]);
      float ofBlue = 4 * chroma[i] + (red[i] - green[i]);
      hue[i] = ofBlue + oneAtZero(value[i] - green[i]) * (ofGreen - ofBlue);
    }
    for (int i = 0; i < hue.length; i++) {
      hue[i] += oneAtZero(value[i] - red[i]) * ((green[i] - blue[i]) - hue[i]);
    }
  }

  /// Adds sixths of a turn; what goes round comes back to between -1 and 6 chromas.
  private static void turn(float sixths, float[] chroma, float[] hue) {
    for (int i = 0; i < hue.length; i++) {
      float turned = hue[i] + sixths * chroma[i];
      float round = 6 * chroma[i];
      hue[i] = turned - round * oneAtZero(Math.max(0f, round - turned));
    }
  }

  /// Writes a colour whose own hue stands three sixths before and after `opposite`.
  private static void around(
      float[] plane, float opposite, float[] value, float[] chroma, float[] hue) {
    for (int i = 0; i < plane.length; i++) {
      float distance = Math.abs(Math.abs(hue[i] - opposite * chroma[i]) - 3 * chroma[i]);
      float share = Math.max(0f, Math.min(chroma[i], 2 * chroma[i] - distance));
      plane[i] = value[i] - chroma[i] + share;
    }
  }

  /// 1 where a number is 0 and 0 where it is positive, without a branch.
  private static float oneAtZero(float number) {
    return Math.max(0f, 1f - number * 1e30f);
  }

  private static float clamp(float value) {
    return Math.max(0f, Math.min(255f, value));
  }
}
