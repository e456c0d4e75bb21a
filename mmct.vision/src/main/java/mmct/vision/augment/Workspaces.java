package mmct.vision.augment;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import mmct.vision.resample.Planes;

/// Memory in which views are made, used again and again: as much of it as threads work at once.
final class Workspaces {
  private final int size;
  private final ConcurrentLinkedDeque<Planes> free = new ConcurrentLinkedDeque<>();

  /// Memory for views of a size.
  Workspaces(int size) {
    this.size = size;
  }

  /// Does some work in planes whose content is arbitrary; they must not be kept.
  <T> T use(Function<Planes, T> work) {
    Planes recycled = free.poll();
    Planes planes = recycled == null ? new Planes(size) : recycled;
    try {
      return work.apply(planes);
    } finally {
      free.push(planes);
    }
  }
}
