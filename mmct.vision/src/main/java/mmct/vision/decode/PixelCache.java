package mmct.vision.decode;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Decoded pictures in memory, up to a number of bytes. What came first stays: training reads every
/// picture once per epoch, and evicting would throw out just what is needed next.
public final class PixelCache {
  /// An array's header, a record, a map's entry and a path, roughly.
  private static final long OVERHEAD = 256;

  private final long capacity;
  private final AtomicLong used = new AtomicLong();
  private final ConcurrentHashMap<Path, Pixels> pictures = new ConcurrentHashMap<>();

  /// A cache of a number of bytes; 0 keeps nothing.
  public PixelCache(long capacity) {
    this.capacity = capacity;
  }

  /// The picture of a file, from memory or from the decoder.
  public Pixels get(Path file, Function<Path, Pixels> decoder) {
    Pixels kept = pictures.get(file);
    if (kept != null) {
      return kept;
    }
    Pixels decoded = decoder.apply(file);
    long size = decoded.rgb().length + OVERHEAD;
    if (!reserve(size)) {
      return decoded;
    }
    Pixels first = pictures.putIfAbsent(file, decoded);
    if (first == null) {
      return decoded;
    }
    used.addAndGet(-size); // another thread decoded the same file meanwhile
    return first;
  }

  private boolean reserve(long size) {
    long before = used.get();
    while (before + size <= capacity) {
      if (used.compareAndSet(before, before + size)) {
        return true;
      }
      before = used.get();
    }
    return false;
  }

  /// The bytes in use.
  public long used() {
    return used.get();
  }
}
