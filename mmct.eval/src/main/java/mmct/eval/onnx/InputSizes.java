package mmct.eval.onnx;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The sizes at which a block is traced and its file is compared with it: a few that have to be,
/// and many more as long as there is time. They hold every length of a short range and every small
/// number of rows, so that no formula passes that holds at some of them only, and from there on
/// sizes around powers of two.
///
/// @param range the range of the lengths; empty where rows have one shape
/// @param groups how many groups of inputs have lengths of their own
record InputSizes(Optional<Lengths> range, int groups) {
  private static final int LENGTH = 5;
  private static final int LONGER = 8;
  private static final int CHECKED_LENGTH = 7;
  private static final int SHORT = 18;
  private static final List<Integer> ROWS =
      List.of(4, 1, 6, 7, 8, 9, 10, 3, 16, 17, 32, 33, 64, 65, 100, 129, 257);

  /// Whether the axis of the rows or that of their length is one place long, which is where blocks
  /// that drop such axes give another shape.
  boolean isSingle(InputSize size) {
    return size.rows() == 1 || (range.isPresent() && size.lengths().contains(1));
  }

  private int nearest(int length) {
    return range.map(r -> r.nearest(length)).orElse(1);
  }

  /// The sizes that are traced in any case: a base, one with other rows, and for each group of
  /// inputs one with another length.
  Set<InputSize> tracedFirst() {
    int length = nearest(LENGTH);
    int longer = nearest(LONGER) > length ? nearest(LONGER) : nearest(1);
    Set<InputSize> sizes = new LinkedHashSet<>();
    sizes.add(InputSize.of(2, length, groups));
    sizes.add(InputSize.of(3, length, groups));
    for (int group = 0; group < groups; group++) {
      List<Integer> lengths = new ArrayList<>(InputSize.of(2, length, groups).lengths());
      lengths.set(group, longer);
      sizes.add(new InputSize(2, lengths));
    }
    return sizes;
  }

  /// The sizes that are compared in any case: 5, 2 and 1 rows of length 7 and of the least length,
  /// and 2 rows of the greatest.
  Set<InputSize> checkedFirst() {
    Set<InputSize> sizes = new LinkedHashSet<>();
    for (int length : List.of(nearest(CHECKED_LENGTH), range.map(Lengths::least).orElse(1))) {
      for (int rows : List.of(5, 2, 1)) {
        sizes.add(InputSize.of(rows, length, groups));
      }
    }
    range.ifPresent(r -> sizes.add(InputSize.of(2, r.most(), groups)));
    return sizes;
  }

  /// The size of the inputs of other kinds.
  InputSize turned() {
    return InputSize.of(2, nearest(CHECKED_LENGTH), groups);
  }

  /// The sizes that are traced and compared as long as there is time, the small ones first.
  Set<InputSize> further() {
    Set<InputSize> sizes = new LinkedHashSet<>();
    sizes.add(InputSize.of(5, nearest(CHECKED_LENGTH), groups));
    List<Integer> lengths = lengths();
    for (int place = 0; place < Math.max(lengths.size(), ROWS.size()); place++) {
      if (place < ROWS.size()) {
        int rows = ROWS.get(place);
        sizes.add(mixed(rows, nearest(LENGTH + rows % 2), lengths, place));
      }
      if (place < lengths.size()) {
        sizes.add(mixed(2 + place % 3, lengths.get(place), lengths, place));
      }
    }
    return sizes;
  }

  /// The first group has a length, the others take theirs from further on in the list.
  private InputSize mixed(int rows, int length, List<Integer> all, int place) {
    List<Integer> lengths = new ArrayList<>(List.of(length));
    for (int group = 1; group < groups; group++) {
      lengths.add(all.get((place * 5 + group * 3) % all.size()));
    }
    return new InputSize(rows, lengths);
  }

  private List<Integer> lengths() {
    if (range.isEmpty()) {
      return List.of(1);
    }
    int least = range.get().least();
    int most = range.get().most();
    Set<Integer> lengths = new LinkedHashSet<>();
    for (int length = least; length <= most && length < least + SHORT; length++) {
      lengths.add(length);
    }
    for (long power = 32; power <= most; power *= 2) {
      for (long length = power - 1; length <= power + 1; length++) {
        if (length > least && length <= most) {
          lengths.add((int) length);
        }
      }
    }
    lengths.add(Math.max(least, most - 1));
    lengths.add(most);
    return List.copyOf(lengths);
  }
}
