package mmct.api.training.data;

import java.util.concurrent.ThreadLocalRandom;
import mmct.api.data.Dataset;
import org.jspecify.annotations.Nullable;

/// Which samples of a dataset are the same instance, that is, have the same id.
///
/// Made for millions of samples: while it is built it takes about 16 bytes a sample, afterwards 4,
/// and nothing at all where no id is repeated.
public final class Instances {
  private final int @Nullable [] first;
  private final int repeated;

  private Instances(int @Nullable [] first, int repeated) {
    this.first = first;
    this.repeated = repeated;
  }

  /// Compares the ids of all samples.
  public static Instances of(Dataset dataset) {
    int size = dataset.size();
    int[] first = new int[size];
    int[] hashes = new int[size];
    Table table = new Table(dataset, hashes);
    int repeated = 0;
    for (int i = 0; i < size; i++) {
      first[i] = table.firstOrAdd(i);
      repeated += first[i] == i ? 0 : 1;
    }
    return new Instances(repeated == 0 ? null : first, repeated);
  }

  /// The index of the first sample that has the same id as the sample at `index`.
  public int first(int index) {
    return first == null ? index : first[index];
  }

  /// How many samples have the id of an earlier one.
  public int repeated() {
    return repeated;
  }

  /// An open-addressed table of sample indices by id; the ids themselves stay in the dataset.
  private static final class Table {
    private final Dataset dataset;
    private final int[] hashes;
    private final int[] slots;

    /// Drawn anew each time, so that nobody can prepare ids that all collide.
    private final long key = ThreadLocalRandom.current().nextLong();

    Table(Dataset dataset, int[] hashes) {
      this.dataset = dataset;
      this.hashes = hashes;
      long capacity = Long.highestOneBit(Math.max(1, hashes.length)) << 2;
      slots = new int[(int) Math.min(capacity, 1 << 30)];
    }

    int firstOrAdd(int index) {
      String id = dataset.id(index);
      int hash = hash(id);
      hashes[index] = hash;
      int slot = hash & (slots.length - 1);
      while (slots[slot] != 0) {
        int other = slots[slot] - 1;
        if (hashes[other] == hash && dataset.id(other).equals(id)) {
          return other;
        }
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = index + 1;
      return index;
    }

    private int hash(String id) {
      long hash = key;
      for (int i = 0; i < id.length(); i++) {
        hash = Seeds.mix(hash ^ id.charAt(i));
      }
      return (int) hash;
    }
  }
}
