package mmct.losses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What is drawn in one step says nothing of what is drawn in another, for another purpose, or for
/// another row.
class RowOrderTest {
  private static final int STEPS = 4000;
  private static final int ROWS = 16;
  private static final long[] INSTANCES = LongStream.range(0, ROWS).map(i -> 3 * i + 1).toArray();

  /// How far a count of coincidences lies from what independent draws give, in deviations.
  private static double deviations(long together, long of, double probability) {
    double expected = of * probability;
    return Math.abs(together - expected) / Math.sqrt(expected * (1 - probability));
  }

  private static int[][] partners(long purpose) {
    int[][] all = new int[STEPS][];
    for (int step = 0; step < STEPS; step++) {
      all[step] = RowOrder.of(INSTANCES, step).partners(purpose);
    }
    return all;
  }

  /// The largest deviation over all pairs of places: how often both draw an even number.
  private static double worst(int[][] first, int[][] later, int lag) {
    int places = first[0].length;
    double worst = 0;
    for (int a = 0; a < places; a++) {
      for (int b = 0; b < places; b++) {
        int agree = 0;
        for (int step = 0; step + lag < first.length; step++) {
          agree += (first[step][a] & 1) == (later[step + lag][b] & 1) ? 1 : 0;
        }
        worst = Math.max(worst, deviations(agree, first.length - lag, 0.5));
      }
    }
    return worst;
  }

  @Test
  void theOrderOfAStepSaysNothingOfThoseThatFollow() {
    int[][] partners = partners(1);
    for (int lag = 1; lag <= ROWS; lag++) {
      // Of 256 pairs of normal numbers one in a hundred batches exceeds 4.1.
      assertThat(worst(partners, partners, lag)).as("lag %d", lag).isLessThan(5);
    }
  }

  @Test
  void theOrderForOnePurposeSaysNothingOfTheOrderForAnother() {
    int[][] one = partners(1);
    for (long purpose : new long[] {0, 2, 3, 64, 65}) {
      for (int lag : new int[] {0, 1, 2}) {
        assertThat(worst(one, partners(purpose), lag)).as("purpose %d", purpose).isLessThan(5);
      }
    }
  }

  @Test
  void theChannelsOfAStepSayNothingOfThoseThatFollow() {
    int[][] channels = new int[STEPS][];
    for (int step = 0; step < STEPS; step++) {
      channels[step] =
          Arrays.stream(RowOrder.channels(ROWS, step, 0)).mapToInt(Math::toIntExact).toArray();
    }
    for (int lag = 1; lag <= ROWS; lag++) {
      assertThat(worst(channels, channels, lag)).as("lag %d", lag).isLessThan(5);
    }
  }

  @Test
  void ordersMeetAsOftenAsOrdersDrawnAtRandom() {
    int[][] partners = partners(7);
    for (int lag = 1; lag < 4; lag++) {
      long same = 0;
      for (int step = 0; step + lag < STEPS; step++) {
        for (int row = 0; row < ROWS; row++) {
          same += partners[step][row] == partners[step + lag][row] ? 1 : 0;
        }
      }
      // Two orders agree in one place on average, with a variance of one.
      double expected = STEPS - lag;
      assertThat(Math.abs(same - expected) / Math.sqrt(expected)).as("lag %d", lag).isLessThan(4);
    }
  }

  @Test
  void theSharesOfRowsAndStepsAreIndependent() {
    List<double[]> series = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      double[] drawn = new double[STEPS];
      for (int step = 0; step < STEPS; step++) {
        drawn[step] = RowOrder.of(INSTANCES, step).random(3, row).nextDouble() - 0.5;
      }
      series.add(drawn);
    }
    for (double[] one : series) {
      for (double[] other : series) {
        for (int lag = one == other ? 1 : 0; lag < 4; lag++) {
          double sum = 0;
          for (int step = 0; step + lag < STEPS; step++) {
            sum += one[step] * other[step + lag];
          }
          // Products of independent uniform numbers have a variance of 1/144.
          assertThat(Math.abs(sum) * 12 / Math.sqrt(STEPS - lag)).isLessThan(5);
        }
      }
    }
  }
}
