package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.SplittableRandom;
import mmct.api.engine.Torch;
import mmct.api.spi.Constant;
import mmct.api.spi.LossInput;
import mmct.api.training.data.Seeds;

/// The similarities of queries with negatives mixed from their nearest ones.
///
/// A mixed row is never made: since `q·(αa + (1 − α)b) = α q·a + (1 − α) q·b`, its similarity
/// is a mixture of similarities that are there already, divided by the mixed row's length. This
/// keeps n·s numbers for the gradient where n·s rows of the width would have to be kept.
final class MixedNegatives {
  /// Two rows that point apart have a mixture of no length and no direction.
  private static final float SHORTEST = 1e-6f;

  private static final int[] WIDTH = {1};

  private final LossInput input;
  private final SimilarityMatrix logits;
  private final NDArray others;
  private final Optional<NDArray> barred;
  private final NDArray nearest;
  private final int n;
  private final int pool;

  /// Finds each query's nearest queue rows.
  ///
  /// @param logits similarities with the queue, at least one row
  /// @param hardest N
  MixedNegatives(LossInput input, SimilarityMatrix logits, int hardest) {
    this.input = input;
    this.logits = logits;
    n = Math.toIntExact(logits.own().getShape().get(0));
    pool = Math.toIntExact(Math.min(hardest, logits.count()));
    others = logits.others(); // [n, k]
    barred = barred(logits);
    NDArray ranking = others.stopGradient(); // [n, k]
    nearest = barred.map(ranking::add).orElse(ranking).topK(pool, 1, true, true).get(1);
  }

  /// What is added to rows that are not mixed, positives and masked ones: `[n, k]`.
  private static Optional<NDArray> barred(SimilarityMatrix logits) {
    Optional<NDArray> masked = logits.masked().map(CrossEntropy::low);
    Optional<NDArray> positives = logits.marked().map(CrossEntropy::low);
    return masked.isPresent() && positives.isPresent()
        ? Optional.of(masked.get().add(positives.get()))
        : masked.or(() -> positives);
  }

  /// Similarities with mixtures of two of the nearest, `[n, s]`.
  NDArray ofPairs(int s) {
    Drawn drawn = draw(s, 2, 1);
    NDArray a = drawn.rows(0); // [n, s]
    NDArray b = drawn.rows(1); // [n, s]
    NDArray alpha = drawn.shares(); // [n, s]
    NDArray rest = Constant.of(alpha, 1).sub(alpha); // [n, s]
    NDArray cosine = between(a, b); // [n, s]
    NDArray square = square(alpha, rest, cosine);
    NDArray mixed = others.gather(a, 1).mul(alpha).add(others.gather(b, 1).mul(rest)); // [n, s]
    return bar(mixed.div(length(square)), a, b);
  }

  /// Similarities with mixtures of the query and one of the nearest, `[n, s]`.
  NDArray withQuery(int s) {
    Drawn drawn = draw(s, 1, 0.5);
    NDArray c = drawn.rows(0); // [n, s]
    NDArray beta = drawn.shares(); // [n, s]
    NDArray rest = Constant.of(beta, 1).sub(beta); // [n, s]
    NDArray near = others.gather(c, 1); // [n, s]
    // The query within the mixture is a constant; only the similarity with it has a gradient.
    NDArray fixed = input.query().stopGradient(); // [n, d]
    NDArray itself = logits.query().mul(fixed).sum(WIDTH, true); // [n, 1], (1/τ) q·q
    NDArray cosine = near.stopGradient().div(itself.stopGradient()); // [n, s]
    NDArray square = square(beta, rest, cosine);
    NDArray mixed = near.mul(rest).add(beta.mul(itself)); // [n, s]
    return bar(mixed.div(length(square)), c, c);
  }

  /// The square of the length of `share · a + rest · b` for unit vectors of that cosine.
  private static NDArray square(NDArray share, NDArray rest, NDArray cosine) {
    NDArray twice = share.mul(rest).mul(cosine).mul(Constant.of(share, 2));
    return share.square().add(rest.square()).add(twice);
  }

  private static NDArray length(NDArray square) {
    return square.maximum(Constant.of(square, SHORTEST * SHORTEST)).sqrt();
  }

  /// A mixture of a row that must not be mixed, which happens where fewer than N are left,
  /// takes no part.
  private NDArray bar(NDArray similarities, NDArray a, NDArray b) {
    return barred
        .map(low -> similarities.add(low.gather(a, 1)).add(low.gather(b, 1)))
        .orElse(similarities);
  }

  /// Cosines of pairs of queue rows, `[n, s]`.
  private NDArray between(NDArray a, NDArray b) {
    try (NDManager scope = input.manager().newSubManager()) {
      NDArray queue = Torch.alias(input.queue(), scope); // [k, d]
      NDArray left = queue.get(new NDIndex("{}", a.reshape(-1))); // [n·s, d]
      NDArray right = queue.get(new NDIndex("{}", b.reshape(-1))); // [n·s, d]
      NDArray cosines = left.mul(right).sum(WIDTH).reshape(a.getShape()); // [n, s]
      cosines.attach(input.manager());
      return cosines;
    }
  }

  /// What was drawn for every query.
  ///
  /// @param places per drawn row, which of the nearest it is, `[n, s]`
  /// @param shares α or β, `[n, s]`
  private record Drawn(NDArray nearest, NDArray[] places, NDArray shares) {
    /// The numbers of the queue rows drawn, `[n, s]`.
    NDArray rows(int which) {
      return nearest.gather(places[which], 1);
    }
  }

  /// Draws for every query from its own source of randomness.
  ///
  /// @param s how many mixtures
  /// @param rows how many queue rows each has
  /// @param below what the shares stay below
  private Drawn draw(int s, int rows, double below) {
    long[] instances = input.instances();
    long[][] places = new long[rows][n * s];
    float[] shares = new float[n * s];
    for (int i = 0; i < n; i++) {
      SplittableRandom random = new SplittableRandom(Seeds.hash(input.step(), instances[i], rows));
      for (int j = i * s; j < (i + 1) * s; j++) {
        for (long[] place : places) {
          place[j] = random.nextInt(pool);
        }
        shares[j] = (float) random.nextDouble(below);
      }
    }
    NDManager manager = input.manager();
    NDArray[] arrays = new NDArray[rows];
    for (int r = 0; r < rows; r++) {
      arrays[r] = manager.create(places[r], new Shape(n, s));
    }
    return new Drawn(nearest, arrays, manager.create(shares, new Shape(n, s)));
  }
}
