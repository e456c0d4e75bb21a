package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
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
/// out of that row's negatives. The authors' code for all combinations of other than three
/// modalities looks for the own tuple in the wrong column; here it is found by its value.
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
            case PERMUTED -> permuted(scaled, others, own, anchor, RowOrder.of(input));
            case ALL -> scaled.matMul(combinations(others).transpose());
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

  /// Logits against permuted partners, a row's own tuple on the diagonal: `[n, n]`.
  private static NDArray permuted(
      NDArray scaled, List<NDArray> others, NDArray own, int anchor, RowOrder order) {
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
        .add(LogSum.exclude(distinct(partners, n, manager)));
  }

  private static NDArray rows(NDArray features, int[] chosen) {
    return features.get(new NDIndex("{}", features.getManager().create(chosen)));
  }

  /// Ones, and zeros where the tuple of a column is a row's own though it is not on the
  /// diagonal.
  private static NDArray distinct(List<int[]> partners, int n, NDManager manager) {
    float[] distinct = new float[n * n];
    Arrays.fill(distinct, 1);
    for (int j = 0; j < n; j++) {
      int column = j;
      int row = partners.getFirst()[j];
      if (row != j && partners.stream().allMatch(order -> order[column] == row)) {
        distinct[row * n + j] = 0;
      }
    }
    return manager.create(distinct, new Shape(n, n));
  }

  @Override
  public OptionalDouble chanceLevel(long candidates) {
    return switch (options.negatives()) {
      case PERMUTED -> OptionalDouble.of(Math.log(candidates + 1.0));
      // How many combinations there are depends on how many modalities are configured.
      case ALL -> OptionalDouble.empty();
    };
  }
}
