package mmct.losses;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import mmct.api.spi.LossParameter;
import mmct.api.spi.LossState;
import mmct.api.spi.Needs;

/// Random inputs for a loss, made from what it says it needs: unit rows, queue rows of which
/// some are masked and some positives, views of which some rows lack all but the first.
///
/// @param n rows
/// @param d width
/// @param k queue rows
/// @param masked share of the queue rows that take no part
/// @param modalities how many take part where the loss compares several; 0 for the fewest it
///     takes
/// @param like how near a row's views and modalities lie: 0 independent, 1 the same
record LossCases(int n, int d, int k, double masked, int modalities, double like) {
  private static final double POSITIVES = 0.2;
  private static final double ABSENT = 0.3;

  /// Independent rows, a tenth of the queue masked, as few modalities as the loss takes.
  LossCases(int n, int d, int k) {
    this(n, d, k, 0.1, 0, 0);
  }

  /// The same without masked rows.
  LossCases unmasked() {
    return new LossCases(n, d, k, 0, modalities, like);
  }

  /// The same with a row's views and modalities near each other.
  LossCases alike(double share) {
    return new LossCases(n, d, k, masked, modalities, share);
  }

  /// The same with a number of modalities.
  LossCases modalities(int count) {
    return new LossCases(n, d, k, masked, count, like);
  }

  /// A random case for a loss.
  LossCase of(Needs needs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] common = unit(n, d, random);
    List<Needs.Side> sides =
        switch (needs.form()) {
          case Needs.Pair pair -> List.of(pair.query(), pair.key());
          case Needs.Joint joint ->
              IntStream.range(0, Math.max(joint.atLeast(), Math.min(modalities, joint.atMost())))
                  .mapToObj(i -> joint.each())
                  .toList();
        };
    List<LossCase.Side> given = sides.stream().map(side -> side(side, common, random)).toList();
    boolean ruled = needs.form() instanceof Needs.Pair pair && pair.positives();
    return new LossCase(
        given,
        ruled ? Optional.of(positives(given.getLast(), random)) : Optional.empty(),
        parameters(needs, random),
        states(needs),
        LongStream.range(0, n).map(i -> 1000 + 7 * i).toArray(),
        random.nextInt(10_000),
        20 + random.nextDouble());
  }

  private LossCase.Side side(Needs.Side side, double[][] common, SplittableRandom random) {
    List<double[][]> queries = new ArrayList<>();
    List<boolean[]> present = new ArrayList<>();
    for (int v = 0; v < side.queries(); v++) {
      double[][] view = near(common, random);
      if (v > 0) {
        boolean[] has = new boolean[n];
        for (int i = 0; i < n; i++) {
          has[i] = random.nextDouble() >= ABSENT;
          view[i] = has[i] ? view[i] : new double[d];
        }
        present.add(has);
      }
      queries.add(view);
    }
    List<double[][]> keys =
        IntStream.range(0, side.keys()).mapToObj(v -> near(common, random)).toList();
    boolean queued = side.queue() != Needs.Queue.NONE && k >= 0;
    return new LossCase.Side(
        queries,
        keys,
        present,
        queued ? unit(k, d, random) : null,
        Arrays64.random(n, d, queued ? k : 0, masked, random.nextLong()).masked(),
        side.backbone() ? unit(n, d + 3, random) : null);
  }

  private double[][] near(double[][] common, SplittableRandom random) {
    double[][] rows = unit(n, d, random);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < d; j++) {
        rows[i][j] = like * common[i][j] + (1 - like) * rows[i][j];
      }
    }
    return normalised(rows);
  }

  private boolean[][] positives(LossCase.Side keys, SplittableRandom random) {
    boolean[][] positives = new boolean[n][keys.masked()[0].length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < positives[i].length; j++) {
        positives[i][j] = !keys.masked()[i][j] && random.nextDouble() < POSITIVES;
      }
    }
    return positives;
  }

  private Map<String, LossCase.Numbers> parameters(Needs needs, SplittableRandom random) {
    Map<String, LossCase.Numbers> parameters = new TreeMap<>();
    for (LossParameter each : needs.parameters()) {
      Shape shape = each.shape(d);
      double[] values = new double[Math.toIntExact(shape.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (each.initial() + each.randomness() * random.nextGaussian());
      }
      parameters.put(each.name(), new LossCase.Numbers(shape, values));
    }
    return parameters;
  }

  private Map<String, LossCase.State> states(Needs needs) {
    Map<String, LossCase.State> states = new TreeMap<>();
    for (LossState each : needs.state()) {
      Shape shape = each.perSample() ? new Shape(n).addAll(each.shape()) : each.shape();
      double[] values = new double[Math.toIntExact(shape.size())];
      java.util.Arrays.fill(values, (float) each.initial());
      states.put(
          each.name(), new LossCase.State(new LossCase.Numbers(shape, values), each.perSample()));
    }
    return states;
  }

  /// Random unit rows.
  static double[][] unit(int rows, int width, SplittableRandom random) {
    double[][] unit = new double[rows][width];
    for (double[] row : unit) {
      for (int i = 0; i < width; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return normalised(unit);
  }

  /// Rows of length 1, of float32's precision.
  static double[][] normalised(double[][] rows) {
    for (double[] row : rows) {
      double norm = Math.sqrt(Arrays64.dot(row, row));
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) (row[i] / norm);
      }
    }
    return rows;
  }
}
