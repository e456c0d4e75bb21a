package mmct.vision.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import mmct.vision.AugmentOptions;
import mmct.vision.resample.Planes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Changes of colour piece by piece are those of the whole picture one after the other.
class ColouringTest {
  @ParameterizedTest
  @ValueSource(ints = {8, 32, 45, 224}) // less than a piece, one piece, and pieces with a rest
  void piecesAreChangedAsTheWhole(int size) {
    SplittableRandom random = new SplittableRandom(size);
    AugmentOptions.Jitter options = new AugmentOptions.Jitter(1, 0.4, 0.4, 0.4, 0.1);
    for (int i = 0; i < 30; i++) {
      List<Adjustment> adjustments = Adjustment.draw(options, random);
      boolean grey = i % 3 == 0;
      Planes whole = planes(size);
      adjustments.forEach(adjustment -> adjustment.apply(whole, new Planes(size)));
      if (grey) {
        ColourOperations.greyscale(whole);
      }

      Planes piecewise = coloured(new Colouring(adjustments, grey), planes(size));
      // The sums of greys are added up in another order.
      assertThat(largestDifference(piecewise, whole)).isLessThan(1e-4f);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutAdjustmentsOnlyGreyChangesAnything(boolean grey) {
    Planes planes = coloured(new Colouring(List.of(), grey), planes(20));

    Planes expected = planes(20);
    if (grey) {
      ColourOperations.greyscale(expected);
    }
    assertThat(planes.blue()).isEqualTo(expected.blue());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everyContrastMixesWithTheMeanOfItsOwnTime(int brightenings) {
    Planes planes = planes(70);
    for (float[] plane : List.of(planes.red(), planes.green(), planes.blue())) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] /= 4; // so that nothing is clipped
      }
    }
    double mean = ColourOperations.sumOfGreys(planes, 4900) / 4900;
    List<Adjustment> adjustments = new ArrayList<>();
    for (int i = 0; i < brightenings; i++) {
      adjustments.add(new Adjustment.Brightness(1.5f));
      adjustments.add(new Adjustment.Contrast(0));
    }

    Planes coloured = coloured(new Colouring(adjustments, false), planes);
    float expected = (float) (mean * Math.pow(1.5, brightenings));
    assertThat(coloured.red()).containsOnly(new float[] {expected}, within(1e-2f));
  }

  private static float largestDifference(Planes some, Planes others) {
    float largest = 0;
    for (int i = 0; i < some.red().length; i++) {
      largest = Math.max(largest, Math.abs(some.red()[i] - others.red()[i]));
      largest = Math.max(largest, Math.abs(some.green()[i] - others.green()[i]));
      largest = Math.max(largest, Math.abs(some.blue()[i] - others.blue()[i]));
    }
    return largest;
  }

  private static Planes coloured(Colouring colouring, Planes planes) {
    Workspace workspace = new Workspace(planes);
    colouring.apply(workspace);
    return workspace.view();
  }

  private static Planes planes(int size) {
    Random random = new Random(5);
    Planes planes = new Planes(size);
    for (float[] plane : List.of(planes.red(), planes.green(), planes.blue())) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = 255 * random.nextFloat();
      }
    }
    return planes;
  }
}
