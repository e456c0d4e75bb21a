package mmct.vision.augment;

import java.util.Arrays;
import mmct.vision.resample.Planes;

/// Gaussian blur. Beyond an edge the edge's value goes on, as in Pillow; the kernel is a true
/// Gaussian cut at three deviations, where Pillow repeats box filters.
///
/// Sums run over whole planes, not rows, since short loops are slow; and they read whole numbers
/// and write floats, since only arrays of different types are known to be apart by the compiler,
/// which then uses vector instructions.
final class GaussianBlur {
  /// Sums of two values in this unit stay below 2^31, and one part in 2^24 is a float's precision.
  private static final float UNITS = 1 << 22;

  private static final float SCALE = UNITS / 256;

  private final float[] kernel; // the centre and one side
  private final int radius;

  GaussianBlur(double sigma) {
    radius = Math.max(1, (int) Math.ceil(3 * sigma));
    double[] exact = new double[radius + 1];
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
      exact[i] = StrictMath.exp(-0.5 * i * i / (sigma * sigma));
      sum += i == 0 ? exact[i] : 2 * exact[i];
    }
    kernel = new float[radius + 1];
    for (int i = 0; i <= radius; i++) {
      kernel[i] = (float) (exact[i] / sum / SCALE);
    }
  }

  /// Blurs the view.
  void apply(Workspace workspace) {
    Planes planes = workspace.view();
    int size = planes.size();
    int[] padded = workspace.padded(size * (size + 2 * radius));
    float[] wide = workspace.sums(size * (size + 2 * radius) - 2 * radius);
    for (float[] plane : new float[][] {planes.red(), planes.green(), planes.blue()}) {
      alongRows(plane, size, padded, wide);
      alongColumns(plane, size, padded);
    }
  }

  private void alongRows(float[] plane, int size, int[] padded, float[] wide) {
    int stride = size + 2 * radius;
    for (int y = 0; y < size; y++) {
      int row = y * stride;
      for (int x = 0; x < size; x++) {
        padded[row + radius + x] = (int) (plane[y * size + x] * SCALE);
      }
      Arrays.fill(padded, row, row + radius, padded[row + radius]);
      Arrays.fill(padded, row + radius + size, row + stride, padded[row + radius + size - 1]);
    }
    add(padded, 1, wide, size * stride - 2 * radius);
    for (int y = 0; y < size; y++) {
      System.arraycopy(wide, y * stride, plane, y * size, size);
    }
  }

  private void alongColumns(float[] plane, int size, int[] padded) {
    for (int i = 0; i < plane.length; i++) {
      padded[radius * size + i] = (int) (plane[i] * SCALE);
    }
    for (int k = 0; k < radius; k++) {
      System.arraycopy(padded, radius * size, padded, k * size, size);
      int last = (radius + size - 1) * size;
      System.arraycopy(padded, last, padded, last + (k + 1) * size, size);
    }
    add(padded, size, plane, plane.length);
  }

  /// Writes sums of neighbours that stand `step` apart; the first output's centre stands `radius`
  /// steps into the source.
  private void add(int[] source, int step, float[] target, int length) {
    int centre = radius * step;
    addFirst(source, centre, step, target, length);
    int k = 2;
    for (; k < radius; k += 2) {
      int near = k * step;
      int far = near + step;
      addPairs(source, centre, near, far, kernel[k], kernel[k + 1], target, length);
    }
    if (k == radius) {
      addPair(source, centre - k * step, centre + k * step, kernel[k], target, length);
    }
  }

  /// The centre and its neighbours.
  private void addFirst(int[] source, int centre, int step, float[] target, int length) {
    float own = kernel[0];
    float weight = kernel[1];
    int left = centre - step;
    int right = centre + step;
    for (int i = 0; i < length; i++) {
      target[i] = own * source[centre + i] + weight * (source[left + i] + source[right + i]);
    }
  }

  private static void addPair(
      int[] source, int left, int right, float weight, float[] target, int length) {
    for (int i = 0; i < length; i++) {
      target[i] += weight * (source[left + i] + source[right + i]);
    }
  }

  /// Two pairs at once halve the traffic of the sums.
  private static void addPairs(
      int[] source,
      int centre,
      int near,
      int far,
      float nearWeight,
      float farWeight,
      float[] target,
      int length) {
    int nearLeft = centre - near;
    int nearRight = centre + near;
    int farLeft = centre - far;
    int farRight = centre + far;
    for (int i = 0; i < length; i++) {
      target[i] +=
          nearWeight * (source[nearLeft + i] + source[nearRight + i])
              + farWeight * (source[farLeft + i] + source[farRight + i]);
    }
  }
}
