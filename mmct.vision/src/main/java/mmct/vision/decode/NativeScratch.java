package mmct.vision.decode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Predicate;

/// Memory outside the heap, used again and again: as much of it as threads work at once. It is
/// freed some time after nobody refers to this any more.
final class NativeScratch {
  private static final long LEAST = 1 << 20;

  /// More is freed after use: a single huge picture must not hold its memory for the whole run.
  private static final long MOST_KEPT = 64 << 20;

  private final ConcurrentLinkedDeque<MemorySegment> free = new ConcurrentLinkedDeque<>();

  /// Does some work in memory whose content is arbitrary, and which must not be kept.
  boolean use(long bytes, Predicate<MemorySegment> work) {
    if (bytes > MOST_KEPT) {
      try (Arena arena = Arena.ofConfined()) {
        return work.test(arena.allocate(bytes));
      }
    }
    MemorySegment recycled = free.poll();
    MemorySegment memory =
        recycled != null && recycled.byteSize() >= bytes
            ? recycled
            : Arena.ofAuto().allocate(Math.max(LEAST, Long.highestOneBit(2 * bytes - 1)));
    try {
      return work.test(memory.asSlice(0, bytes));
    } finally {
      free.push(memory);
    }
  }
}
