package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import mmct.api.config.Settings;
import mmct.api.spi.Constant;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.LossParameter;
import mmct.api.spi.Needs;

/// Cross-entropy of the multilinear inner product of any number of modalities.
///
/// Saporta et al., "Contrasting with Symile: Simple Model-Agnostic Representation Learning for
/// Unlimited Modalities", 2024, the multilinear inner product: `⟨r⁽¹⁾, …, r⁽ᴹ⁾⟩ = Σ_d Π_m
/// r⁽ᵐ⁾_d`, and `1/M Σ_m CE(γ ⟨r⁽ᵐ⁾ᵢ, ⊙_{m'≠m} r⁽ᵐ'⁾_{π_{m'}(j)}⟩)` with the row's own tuple on
/// the diagonal. With two modalities and all combinations it is the CLIP loss.
///
/// Deviations: a tuple of partners that meet again by chance in a row's own tuple is left
/// out of that row's negatives, and where the run says so also a tuple of which all members are of
/// the row's own instance. The authors' code for all combinations of other than three
/// modalities looks for the own tuple in the wrong column; here it is found by its value. That code
/// also cuts the gradient of all partners, of the negatives and of the own tuple; here, as in their
/// code for permuted partners and for three modalities, it flows through all of them.
///
/// The inner product of M unit vectors shrinks with the width about as `d^(1−M/2)`, which is
/// why the scale is trained and its bound is high.
///
/// @param options negatives and temperature
public record Symile(SymileOptions options) implements Loss {
  /// The tuples that a row is told apart from.
  public enum Negatives {
    /// As many as there are rows: the partners of each modality in a random order of their
    /// own.
    PERMUTED,
    /// All combinations of partners: `n^(M−1)`.
    ALL
  }

  /// Checks the options.
  public Symile {
    options = Settings.of(options).bind(SymileOptions.class);
  }

  @Override
  public Needs needs() {
    return QueryViews.needs(1, Integer.MAX_VALUE)
        .parameters(options.bounds().parameters().toArray(LossParameter[]::new));
  }

  @Override
  public LossOutput evaluate(LossInput input) {
    List<NDArray> rows = input.sides().stream().map(side -> side.queries().getFirst()).toList();
    NDArray scale = options.bounds().inverse(input); // γ
    NDArray own = product(rows).sum(new int[] {1}).mul(scale); // [n]
    NDList terms = new NDList();
    for (int anchor = 0; anchor < rows.size(); anchor++) {
      List<NDArray> others = new ArrayList<>(rows);
      NDArray scaled = others.remove(anchor).mul(scale);
      NDArray logits =
          switch (options.negatives()) {
            case PERMUTED -> permuted(scaled, others, own, anchor, input);
            case ALL -> all(scaled, others, input.sameInstance());
          };
      terms.add(LogSum.along(1, logits).sub(own));
    }
    NDArray value = NDArrays.stack(terms).mean(new int[] {0}); // [n]
    return LossOutput.of(options.bounds().heldWithin(value, input));
  }

  private static NDArray product(List<NDArray> factors) {
    return factors.stream().reduce(NDArray::mul).orElseThrow();
  }

  /// The products of all combinations of rows, `[n^m, d]`.
  private static NDArray combinations(List<NDArray> others) {
    NDArray all = others.getFirst();
    for (NDArray next : others.subList(1, others.size())) {
      long width = next.getShape().get(1);
      all = all.expandDims(1).mul(next.expandDims(0)).reshape(-1, width);
    }
    return all;
  }

  /// Logits against all combinations of partners, `[n, n^m]`.
  private static NDArray all(NDArray scaled, List<NDArray> others, Optional<NDArray> same) {
    NDArray logits = scaled.matMul(combinations(others).transpose());
    return same.map(which -> logits.add(CrossEntropy.low(ofOneInstance(which, others.size()))))
        .orElse(logits);
  }

  /// Which tuples are of the row's own instance throughout, but for its own: one, else zero, `[n,
  /// n^m]`.
  private static NDArray ofOneInstance(NDArray same, int partners) {
    NDArray eye = same.getManager().eye(Math.toIntExact(same.getShape().get(0)));
    NDArray alike = same.toType(DataType.FLOAT32, false).add(eye); // [n, n]
    NDArray all = alike;
    NDArray itself = eye;
    for (int partner = 1; partner < partners; partner++) {
      all = forEach(all, alike);
      itself = forEach(itself, eye);
    }
    return all.sub(itself);
  }

  /// Products of the entries of two matrices for each pair of columns, `[n, a·b]`.
  private static NDArray forEach(NDArray left, NDArray right) {
    long n = left.getShape().get(0);
    return left.expandDims(2).mul(right.expandDims(1)).reshape(n, -1);
  }

  /// Logits against permuted partners, a row's own tuple on the diagonal: `[n, n]`.
  private static NDArray permuted(
      NDArray scaled, List<NDArray> others, NDArray own, int anchor, LossInput input) {
    RowOrder order = RowOrder.of(input);
    NDManager manager = scaled.getManager();
    int n = Math.toIntExact(own.getShape().get(0));
    List<int[]> partners =
        IntStream.range(0, others.size())
            .mapToObj(other -> order.partners(64L * anchor + other))
            .toList();
    List<NDArray> shuffled =
        IntStream.range(0, others.size())
            .mapToObj(other -> rows(others.get(other), partners.get(other)))
            .toList();
    NDArray logits = scaled.matMul(product(shuffled).transpose()); // [n, n]
    NDArray diagonal = manager.eye(n);
    return logits
        .mul(Constant.of(diagonal, 1).sub(diagonal))
        .add(diagonal.mul(own))
        .add(LogSum.exclude(distinct(partners, identities(n, input), manager)));
  }

  private static NDArray rows(NDArray features, int[] chosen) {
    return features.get(new NDIndex("{}", features.getManager().create(chosen)));
  }

  /// Numbers that rows have in common which are not told apart.
  private static long[] identities(int n, LossInput input) {
    return input.sameInstance().isPresent() ? input.instances() : LongStream.range(0, n).toArray();
  }

  /// Ones, and zeros where the tuple of a column is a row's own, or of its instance throughout,
  /// though it is not on the diagonal.
  private static NDArray distinct(List<int[]> partners, long[] identities, NDManager manager) {
    int n = identities.length;
    float[] distinct = new float[n * n];
    Arrays.fill(distinct, 1);
    for (int j = 0; j < n; j++) {
      int column = j;
      long identity = identities[partners.getFirst()[j]];
      if (partners.stream().allMatch(order -> identities[order[column]] == identity)) {
        for (int row = 0; row < n; row++) {
          if (row != j && identities[row] == identity) {
            distinct[row * n + j] = 0;
          }
        }
      }
    }
    return manager.create(distinct, new Shape(n, n));
  }

  /// With two modalities, as with as many more as are not named.
  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return chanceLevel(candidates, 2);
  }

  @Override
  public OptionalDouble chanceLevel(long candidates, int participants) {
    double rows = candidates + 1.0;
    return OptionalDouble.of(
        switch (options.negatives()) {
          case PERMUTED -> {
            // A row's tuple of partners comes again in another column, and is left out there, where
            // the first order puts the row into another column and the other orders agree.
            double again = (rows - 1) / rows * Math.pow(rows, 2.0 - participants);
            yield again == 0 ? Math.log(rows) : mean(again, rows);
          }
          case ALL -> (participants - 1) * Math.log(rows);
        });
  }

  /// The mean logarithm of how many tuples there are, one less with a probability.
  private static double mean(double probability, double tuples) {
    return (1 - probability) * Math.log(tuples) + probability * Math.log(tuples - 1);
  }
}
