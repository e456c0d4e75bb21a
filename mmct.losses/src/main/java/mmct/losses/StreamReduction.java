package mmct.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/// What becomes of similarities that are seen block by block: a value per query and the value's
/// slope along the query, both without gradient.
abstract sealed class StreamReduction {
  private static final int[] CANDIDATES = {1};

  private final NDManager owner;
  private NDArray value;
  private NDArray slope;

  /// Begins with no candidate.
  ///
  /// @param query `[n, d]`
  /// @param initial the value of none
  private StreamReduction(NDArray query, double initial, NDManager owner) {
    this.owner = owner;
    long n = query.getShape().get(0);
    value = owner.full(new Shape(n, 1), (float) initial, query.getDataType());
    slope = owner.zeros(query.getShape(), query.getDataType());
  }

  /// Takes in a block.
  ///
  /// @param similarities `[n, b]`, which may be overwritten
  /// @param rows of the candidates, `[b, d]`
  abstract void take(NDArray similarities, NDArray rows);

  /// The value so far, `[n, 1]`.
  final NDArray value() {
    return value;
  }

  /// Its slope so far, `[n, d]`, to be changed in place.
  final NDArray slope() {
    return slope;
  }

  final void become(NDArray other) {
    value.close();
    value = other;
    value.attach(owner);
  }

  /// The value and its slope, which belong to the owner's parent.
  final Sloped result() {
    NDManager parent = owner.getParentManager();
    value.attach(parent);
    slope.attach(parent);
    return new Sloped(value, slope);
  }

  /// The logarithm of the sum of exponentials, whose slope is the mean of the candidates weighted
  /// by their exponentials. Where a block has a larger one than those before, they are scaled
  /// down: Dao et al., "FlashAttention: Fast and Memory-Efficient Exact Attention with
  /// IO-Awareness", 2022, section 3.1.
  static final class Exponentials extends StreamReduction {
    Exponentials(NDArray query, NDManager owner) {
      super(query, CrossEntropy.MASKED, owner);
    }

    @Override
    void take(NDArray similarities, NDArray rows) {
      NDArray largest = similarities.max(CANDIDATES, true); // [n, 1]
      // The softmax is one pass over the block, and its largest entry is one over the sum.
      NDArray shares = similarities.softmax(1); // [n, b]
      NDArray more = largest.sub(shares.max(CANDIDATES, true).log()); // [n, 1]
      NDArray top = more.maximum(value()); // [n, 1]
      NDArray before = value().sub(top).exp(); // [n, 1]
      NDArray added = more.sub(top).exp(); // [n, 1]
      NDArray sum = added.add(before); // [n, 1]
      slope().muli(before.div(sum)).addi(shares.matMul(rows).muli(added.div(sum)));
      become(top.add(sum.log()));
    }
  }

  /// The largest, whose slope is the candidate that has it.
  static final class Largest extends StreamReduction {
    Largest(NDArray query, NDManager owner) {
      super(query, CrossEntropy.MASKED, owner);
    }

    @Override
    void take(NDArray similarities, NDArray rows) {
      NDArray largest = similarities.max(CANDIDATES, true); // [n, 1]
      NDArray higher = largest.gt(value()).toType(largest.getDataType(), false); // [n, 1]
      NDArray theirs = rows.get(new NDIndex("{}", similarities.argMax(1))); // [n, d]
      slope().addi(theirs.sub(slope()).muli(higher));
      become(largest.maximum(value()));
    }
  }

  /// The sum of what exceeds a threshold, whose slope is the sum of the candidates that do.
  static final class Excess extends StreamReduction {
    private final NDArray threshold;
    private final NDArray count;

    /// @param threshold `[n, 1]`
    Excess(NDArray query, NDArray threshold, NDManager owner) {
      super(query, 0, owner);
      this.threshold = threshold;
      count = value().zerosLike();
    }

    /// How many candidates of each query exceed it, `[n, 1]`.
    NDArray count() {
      return count;
    }

    @Override
    void take(NDArray similarities, NDArray rows) {
      NDArray excess = Activation.relu(similarities.subi(threshold)); // [n, b]
      NDArray exceeds = excess.sign(); // [n, b]
      value().addi(excess.sum(CANDIDATES, true));
      count.addi(exceeds.sum(CANDIDATES, true));
      slope().addi(exceeds.matMul(rows));
    }
  }
}
