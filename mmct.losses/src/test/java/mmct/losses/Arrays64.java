package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Random inputs in float64, for brute force beside the engine's float32.
record Arrays64(double[][] query, double[][] key, double[][] queue, boolean[][] masked) {
  static Arrays64 random(int n, int d, int k, double maskShare, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean[][] masked = new boolean[n][k];
    for (boolean[] row : masked) {
      for (int j = 0; j < k; j++) {
        row[j] = random.nextDouble() < maskShare;
      }
    }
    return new Arrays64(unit(n, d, random), unit(n, d, random), unit(k, d, random), masked);
  }

  private static double[][] unit(int rows, int width, SplittableRandom random) {
    double[][] unit = new double[rows][width];
    for (double[] row : unit) {
      double norm = 0;
      for (int i = 0; i < width; i++) {
        row[i] = random.nextGaussian();
        norm += row[i] * row[i];
      }
      for (int i = 0; i < width; i++) {
        // Rounded to float first, so that both sides see the same numbers.
        row[i] = (float) (row[i] / Math.sqrt(norm));
      }
    }
    return unit;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static NDArray array(double[][] values, int width, NDManager manager) {
    float[] flat = new float[values.length * width];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < width; j++) {
        flat[i * width + j] = (float) values[i][j];
      }
    }
    return manager.create(flat, new Shape(values.length, width));
  }

  static NDArray array(boolean[][] values, int width, NDManager manager) {
    ByteBuffer cells = ByteBuffer.allocateDirect(values.length * width);
    for (boolean[] row : values) {
      for (int j = 0; j < width; j++) {
        cells.put((byte) (row[j] ? 1 : 0));
      }
    }
    cells.rewind();
    return manager.create(cells, new Shape(values.length, width), DataType.BOOLEAN);
  }
}
