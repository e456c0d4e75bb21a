package mmct.eval.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Masks against pixels that are counted one by one.
class MaskTest {

  @Test
  void areaUnionAndIntersectionCountPixels() {
    Random random = new Random(1);
    for (int trial = 0; trial < 500; trial++) {
      boolean[] a = pixels(random);
      boolean[] b = pixels(random);
      Mask one = mask(a);
      Mask other = mask(b);
      int both = 0;
      int either = 0;
      int first = 0;
      for (int i = 0; i < a.length; i++) {
        both += a[i] && b[i] ? 1 : 0;
        either += a[i] || b[i] ? 1 : 0;
        first += a[i] ? 1 : 0;
      }
      assertThat(one.area()).isEqualTo(first);
      assertThat(one.intersection(other)).isEqualTo(both);
      assertThat(one.union(other).area()).isEqualTo(either);
      assertThat(Arrays.stream(one.union(other).runs()).sum()).isEqualTo(a.length);
      assertThat(one.overlap(other, false)).isCloseTo(both / Math.max(1.0, either), within(1e-12));
      assertThat(one.overlap(other, true)).isCloseTo(both / Math.max(1.0, first), within(1e-12));
    }
  }

  @Test
  void whatIsCompressedIsReadBack() {
    Random random = new Random(2);
    for (int trial = 0; trial < 200; trial++) {
      Mask mask = mask(pixels(random));
      assertThat(Mask.parse(mask.height(), mask.width(), compressed(mask.runs())).runs())
          .containsExactly(mask.runs());
    }
    int[] large = {1_000_000, 3, 70_000, 5_000_000, 0, 12};
    int sum = Arrays.stream(large).sum();
    assertThat(Mask.parse(sum, 1, compressed(large)).runs()).containsExactly(large);
  }

  @Test
  void malformedRunsAreRefusedInASentence() {
    assertThatThrownBy(() -> Mask.of(2, 3, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the runs of a mask must fill 2 x 3 pixels but fill 4");
    assertThatThrownBy(() -> Mask.of(2, 3, -1, 7)).hasMessage("a run of a mask has the length -1");
    assertThatThrownBy(() -> Mask.of(2, 3, Integer.MAX_VALUE, Integer.MAX_VALUE, 8))
        .hasMessageContaining("but fill 4294967302");
    assertThatThrownBy(() -> Mask.parse(2, 3, "oooooooooooo"))
        .hasMessage("a compressed mask ends within a number");
    assertThatThrownBy(() -> Mask.parse(2, 3, "P")).hasMessageContaining("ends within a number");
    assertThatThrownBy(() -> Mask.parse(2, 3, "12 3"))
        .hasMessageContaining("but ' ' was among them");
    assertThatThrownBy(() -> Mask.parse(2, 3, "\uFFFF")).hasMessageContaining("was among them");
  }

  @Test
  void aRectangleOfWholeCornersFillsItsPixels() {
    Mask mask = PolygonMask.of(10, 12, List.of(new double[] {2, 3, 7, 3, 7, 8, 2, 8}));
    assertThat(mask.area()).isEqualTo(25);
    boolean[] expected = new boolean[120];
    for (int x = 2; x < 7; x++) {
      Arrays.fill(expected, x * 10 + 3, x * 10 + 8, true);
    }
    assertThat(mask.intersection(mask(expected, 10, 12))).isEqualTo(25);
  }

  @Test
  void theDirectionOfAPolygonDoesNotMatterAndRepeatedCornersNeither() {
    Random random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      double[] corners = random.doubles(8, -5, 45).toArray();
      double[] reversed = new double[8];
      for (int i = 0; i < 4; i++) {
        reversed[2 * i] = corners[6 - 2 * i];
        reversed[2 * i + 1] = corners[7 - 2 * i];
      }
      double[] repeated = Arrays.copyOf(corners, 10);
      repeated[8] = corners[6];
      repeated[9] = corners[7];
      Mask mask = PolygonMask.of(40, 40, List.of(corners));
      assertThat(PolygonMask.of(40, 40, List.of(reversed)).runs()).containsExactly(mask.runs());
      assertThat(PolygonMask.of(40, 40, List.of(repeated)).runs()).containsExactly(mask.runs());
      assertThat(Arrays.stream(mask.runs()).sum()).isEqualTo(1600);
    }
  }

  @Test
  void aConvexPolygonFillsThePixelsWhoseMiddleIsInsideUpToItsOutline() {
    double[] corners = {20, 2.5, 37.5, 20, 20, 37.5, 2.5, 20};
    Mask mask = PolygonMask.of(40, 40, List.of(corners));
    double exact = 2 * 17.5 * 17.5;
    double outline = 4 * Math.hypot(17.5, 17.5);
    assertThat(mask.area()).isCloseTo(exact, within(outline / 2));
  }

  @Test
  void polygonsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> PolygonMask.of(5, 5, List.of(new double[] {1, 1, 2, 2})))
        .hasMessage("a polygon needs x and y of three corners at least but has 4 numbers");
    assertThatThrownBy(() -> PolygonMask.of(5, 5, List.of(new double[] {1, 1, 1e9, 2, 3, 3})))
        .hasMessage("a polygon of an image of 5 x 5 pixels has a corner at 1.0E9");
    assertThatThrownBy(
            () -> PolygonMask.of(5, 5, List.of(new double[] {1, 1, Double.NaN, 2, 3, 3})))
        .hasMessageContaining("corner at NaN");
  }

  private static boolean[] pixels(Random random) {
    boolean[] pixels = new boolean[35];
    double share = random.nextDouble();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextDouble() < share;
    }
    return pixels;
  }

  private static Mask mask(boolean[] pixels) {
    return mask(pixels, 5, 7);
  }

  private static Mask mask(boolean[] pixels, int height, int width) {
    List<Integer> runs = new ArrayList<>();
    boolean one = false;
    int length = 0;
    for (boolean pixel : pixels) {
      if (pixel != one) {
        runs.add(length);
        length = 0;
        one = pixel;
      }
      length++;
    }
    runs.add(length);
    return Mask.of(height, width, runs.stream().mapToInt(i -> i).toArray());
  }

  /// COCO's compression, written from its description.
  private static String compressed(int... runs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < runs.length; i++) {
      long value = i > 2 ? (long) runs[i] - runs[i - 2] : runs[i];
      boolean more = true;
      while (more) {
        long digit = value & 0x1f;
        value >>= 5;
        more = (digit & 0x10) != 0 ? value != -1 : value != 0;
        text.append((char) ((more ? digit | 0x20 : digit) + '0'));
      }
    }
    return text.toString();
  }
}
