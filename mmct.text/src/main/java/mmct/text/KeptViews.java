package mmct.text;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import mmct.api.data.View;

/// Views of texts that were made before, since the same captions come with every epoch. What came
/// first stays. Safe for concurrent use.
final class KeptViews {
  /// An object's header, an entry of the map and a shape, in ids.
  private static final long OVERHEAD = 16;

  private final ConcurrentHashMap<String, View> views = new ConcurrentHashMap<>();
  private final AtomicLong left;

  /// Keeps nothing yet.
  ///
  /// @param capacity the most ids that are kept, of 8 bytes each
  KeptViews(long capacity) {
    left = new AtomicLong(capacity);
  }

  /// The view of a text, kept or made.
  ///
  /// @param make tokenizes; gives a vector of ids
  View get(String text, Function<String, View> make) {
    View kept = views.get(text);
    if (kept != null) {
      return kept;
    }
    View made = make.apply(text);
    long size = made.arrays().getFirst().shape()[0] + OVERHEAD;
    if (left.get() < size) {
      return made;
    }
    if (views.putIfAbsent(text, made) == null) {
      left.addAndGet(-size);
    }
    return made;
  }
}
