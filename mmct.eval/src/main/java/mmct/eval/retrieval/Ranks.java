package mmct.eval.retrieval;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.BitSet;
import mmct.api.engine.Torch;

/// Per item, how many items of other instances on the other side come before the best of its own
/// instance. A rank is 0 where the own one is first.
///
/// Similarities are dot products in float64 of the float32 features. Another item as near as the
/// own one comes before it, so that features which are all alike rank last and not first. The last
/// bits of a sum depend on the order in which the engine adds; similarities closer to each other
/// than that error are therefore ties, which makes the ranks the same whatever the order of the
/// samples, the block size, the number of threads and the processor.
///
/// The matrix of similarities never exists: blocks of it are compared and forgotten.
///
/// @param queries per query item its rank among the keys
/// @param keys per key item its rank among the queries
/// @param tiedQueries how many query items have another instance's key as near as their own
/// @param tiedKeys how many key items have another instance's query as near as their own
record Ranks(int[] queries, int[] keys, int tiedQueries, int tiedKeys) {

  /// Ranks both sides against each other.
  ///
  /// @param block the items per side of which similarities exist at one time
  static Ranks of(Matched matched, int block) {
    Counting counting = new Counting(matched.queries(), matched.keys(), block);
    counting.run();
    return new Ranks(
        counting.queryRanks,
        counting.keyRanks,
        counting.queryTies.cardinality(),
        counting.keyTies.cardinality());
  }

  /// One pass over all blocks, for both directions.
  private static final class Counting {
    private final Items queries;
    private final Items keys;
    private final int block;
    private final int[] queryOwners;
    private final double[] queryBest;
    private final double[] keyBest;
    private final int[] queryRanks;
    private final int[] keyRanks;
    private final BitSet queryTies = new BitSet();
    private final BitSet keyTies = new BitSet();
    private final double tie;
    private final double[] similarities;

    Counting(Items queries, Items keys, int block) {
      this.queries = queries;
      this.keys = keys;
      this.block = block;
      queryOwners = queries.owners();
      queryBest = new double[queries.count()];
      keyBest = new double[keys.count()];
      queryRanks = new int[queries.count()];
      keyRanks = new int[keys.count()];
      // A sum of d products is off by at most d·2⁻⁵³·|a||b| (Higham 2002, eq. 3.5).
      tie = queries.width() * 0x1p-52 * queries.largestNorm() * keys.largestNorm();
      similarities = new double[Math.min(block, queries.count()) * Math.min(block, keys.count())];
    }

    void run() {
      findBest();
      // Blocks are small and the features are on the host: a GPU would wait for the copies.
      try (NDManager manager = NDManager.newBaseManager(Device.cpu());
          var _ = Torch.withoutGradient()) {
        FeatureBlock queryBlock = new FeatureBlock(queries, block, manager);
        FeatureBlock keyBlock = new FeatureBlock(keys, block, manager);
        for (int query = 0; query < queries.count(); query += block) {
          queryBlock.load(query);
          for (int key = 0; key < keys.count(); key += block) {
            keyBlock.load(key);
            multiply(queryBlock, keyBlock, manager);
            count(queryBlock, keyBlock);
          }
        }
      }
    }

    /// Finds the similarity to the own instance's best item, less the error of two sums.
    private void findBest() {
      Arrays.fill(queryBest, Double.NEGATIVE_INFINITY);
      Arrays.fill(keyBest, Double.NEGATIVE_INFINITY);
      for (int query = 0; query < queries.count(); query++) {
        int owner = queryOwners[query];
        for (int key = keys.starts()[owner]; key < keys.starts()[owner + 1]; key++) {
          double reached = queries.dot(query, keys, key) - tie;
          queryBest[query] = Math.max(queryBest[query], reached);
          keyBest[key] = Math.max(keyBest[key], reached);
        }
      }
    }

    private void multiply(FeatureBlock queryBlock, FeatureBlock keyBlock, NDManager manager) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray rows = queryBlock.rows(scope); // [n, d]
        NDArray columns = keyBlock.rows(scope); // [m, d]
        NDArray product = rows.matMul(columns.transpose()); // [n, m]
        product
            .toByteBuffer(true)
            .asDoubleBuffer()
            .get(similarities, 0, queryBlock.count() * keyBlock.count());
      }
    }

    /// Compares a block, leaving out each query's own instance.
    private void count(FeatureBlock queryBlock, FeatureBlock keyBlock) {
      int columns = keyBlock.count();
      for (int i = 0; i < queryBlock.count(); i++) {
        int query = queryBlock.from() + i;
        int owner = queryOwners[query];
        int ownFrom = Math.clamp(keys.starts()[owner] - keyBlock.from(), 0, columns);
        int ownTo = Math.clamp(keys.starts()[owner + 1] - keyBlock.from(), 0, columns);
        count(query, i * columns, keyBlock.from(), 0, ownFrom);
        count(query, i * columns, keyBlock.from(), ownTo, columns);
      }
    }

    private void count(int query, int row, int firstKey, int from, int to) {
      double best = queryBest[query];
      int ahead = 0;
      for (int j = from; j < to; j++) {
        double similarity = similarities[row + j];
        if (similarity >= best) {
          ahead++;
          noteTie(similarity, best, query, queryTies);
        }
        if (similarity >= keyBest[firstKey + j]) {
          keyRanks[firstKey + j]++;
          noteTie(similarity, keyBest[firstKey + j], firstKey + j, keyTies);
        }
      }
      queryRanks[query] += ahead;
    }

    /// The best similarities are less by one error, and what is more by one is a tie as well.
    private void noteTie(double similarity, double best, int item, BitSet ties) {
      if (similarity <= best + 2 * tie) {
        ties.set(item);
      }
    }
  }
}
