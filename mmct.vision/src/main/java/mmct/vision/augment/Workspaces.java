package mmct.vision.augment;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;

/// Memory in which views are made, used again and again: as much of it as threads work at once.
final class Workspaces {
  private final int size;
  private final ConcurrentLinkedDeque<Workspace> free = new ConcurrentLinkedDeque<>();

  /// Memory for views of a size.
  Workspaces(int size) {
    this.size = size;
  }

  /// Does some work in memory whose content is arbitrary, and which must not be kept.
  <T> T use(Function<Workspace, T> work) {
    Workspace recycled = free.poll();
    Workspace workspace = recycled == null ? new Workspace(size) : recycled;
    try {
      return work.apply(workspace);
    } finally {
      free.push(workspace);
    }
  }
}
