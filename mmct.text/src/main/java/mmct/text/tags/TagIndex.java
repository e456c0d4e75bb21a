package mmct.text.tags;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Finds the rows that share tags with a query, for many queries against the same rows.
///
/// Rare tags have lists of their rows, which are counted one by one. The tags that a good part of
/// the rows have would make that slow, so each has a set of bits, and their counts are added for 64
/// rows at once: bit b of a row's count is its bit in the b-th plane of a binary counter.
///
/// Instances are for one thread.
final class TagIndex {
  /// A tag of more than one row in so many has a set of bits.
  private static final int DENSE = 64;

  private static final long[] RARE = {};

  private final int words;
  private final int[] starts;
  private final int[] rows;
  private final long[][] dense;
  private final int[] counts;

  /// Builds the index.
  ///
  /// @param tagsOfRows the tags of each row, ascending
  TagIndex(List<int[]> tagsOfRows) {
    int tags = 0;
    for (int[] row : tagsOfRows) {
      // They ascend.
      tags = row.length == 0 ? tags : Math.max(tags, row[row.length - 1] + 1);
    }
    words = (tagsOfRows.size() + Long.SIZE - 1) / Long.SIZE;
    counts = new int[tagsOfRows.size()];
    starts = new int[tags + 1];
    for (int[] row : tagsOfRows) {
      for (int tag : row) {
        starts[tag + 1]++;
      }
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = Arrays.copyOf(starts, tags);
    rows = new int[starts[tags]];
    for (int row = 0; row < tagsOfRows.size(); row++) {
      for (int tag : tagsOfRows.get(row)) {
        rows[next[tag]++] = row;
      }
    }
    dense = new long[tags][];
    for (int tag = 0; tag < tags; tag++) {
      dense[tag] =
          (long) (starts[tag + 1] - starts[tag]) * DENSE > counts.length ? bits(tag) : RARE;
    }
  }

  /// The rows that share at least `needed` tags with a query.
  ///
  /// @param tags the query's tags; those that no row has do not matter
  /// @param needed at least 1
  BitSet sharing(int[] tags, int needed) {
    int[] known = Arrays.stream(tags).filter(tag -> tag < dense.length).toArray();
    long[][] planes = new long[Integer.SIZE - Integer.numberOfLeadingZeros(known.length)][words];
    for (int tag : known) {
      long[] bits = dense[tag];
      if (bits.length > 0) {
        add(bits, planes);
      } else {
        for (int i = starts[tag]; i < starts[tag + 1]; i++) {
          counts[rows[i]]++;
        }
      }
    }
    BitSet sharing = BitSet.valueOf(atLeast(needed, planes));
    for (int tag : known) {
      if (dense[tag].length == 0) {
        settle(tag, needed, planes, sharing);
      }
    }
    return sharing;
  }

  /// Decides the rows of a rare tag by both counts, and leaves their one-by-one counts at 0.
  private void settle(int tag, int needed, long[][] planes, BitSet sharing) {
    for (int i = starts[tag]; i < starts[tag + 1]; i++) {
      int row = rows[i];
      if (counts[row] > 0 && counts[row] + count(row, planes) >= needed) {
        sharing.set(row);
      }
      counts[row] = 0;
    }
  }

  private long[] bits(int tag) {
    long[] bits = new long[words];
    for (int i = starts[tag]; i < starts[tag + 1]; i++) {
      bits[rows[i] / Long.SIZE] |= 1L << rows[i];
    }
    return bits;
  }

  private static void add(long[] bits, long[][] planes) {
    for (int word = 0; word < bits.length; word++) {
      long carry = bits[word];
      for (int plane = 0; carry != 0; plane++) {
        long before = planes[plane][word];
        planes[plane][word] = before ^ carry;
        carry &= before;
      }
    }
  }

  private static int count(int row, long[][] planes) {
    int count = 0;
    for (int plane = 0; plane < planes.length; plane++) {
      count |= (int) (planes[plane][row / Long.SIZE] >>> row & 1) << plane;
    }
    return count;
  }

  /// Compares every row's count in the planes with a number, from the highest bit down.
  private long[] atLeast(int needed, long[][] planes) {
    long[] result = new long[words];
    if (Integer.SIZE - Integer.numberOfLeadingZeros(needed) > planes.length) {
      return result;
    }
    for (int word = 0; word < words; word++) {
      long above = 0;
      long equal = -1;
      for (int plane = planes.length - 1; plane >= 0; plane--) {
        long bits = planes[plane][word];
        if ((needed >>> plane & 1) == 0) {
          above |= equal & bits;
          equal &= ~bits;
        } else {
          equal &= bits;
        }
      }
      result[word] = above | equal;
    }
    return result;
  }
}
