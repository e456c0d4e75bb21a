package mmct.api.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/// Memory outside the Java heap that is used again and again.
///
/// Direct buffers are only freed when the garbage collector happens to find them, so a run that
/// makes new ones for every batch breathes in and out by hundreds of megabytes. Tensors that are
/// made within [#use] take their memory from here, and [#recycle] gives it back at once. Whoever
/// does not recycle loses nothing: such memory is freed by the collector as ever.
///
/// Safe for any number of threads.
public final class HostMemory {
  private static final ScopedValue<HostMemory> CURRENT = ScopedValue.newInstance();

  /// What is not in use, by capacity.
  private final Map<Integer, Deque<ByteBuffer>> free = new ConcurrentHashMap<>();

  /// Memory of which nothing has been used yet.
  public HostMemory() {}

  /// Does some work; the tensors that it makes on this thread take their memory from here.
  public <T> T use(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /// Takes the memory of a tensor back. Nothing that shares it may be read any more.
  public void recycle(HostTensor tensor) {
    ByteBuffer whole = tensor.data().duplicate().clear();
    ofCapacity(whole.capacity()).add(whole);
  }

  /// A buffer of native order from the memory in use, or a new one; its content is arbitrary.
  static ByteBuffer take(int bytes) {
    int capacity = capacity(bytes);
    ByteBuffer recycled = CURRENT.isBound() ? CURRENT.get().ofCapacity(capacity).poll() : null;
    ByteBuffer buffer = recycled == null ? ByteBuffer.allocateDirect(capacity) : recycled;
    return buffer.limit(bytes).order(ByteOrder.nativeOrder());
  }

  private Deque<ByteBuffer> ofCapacity(int capacity) {
    return free.computeIfAbsent(capacity, key -> new ConcurrentLinkedDeque<>());
  }

  /// Rounds up to one of eight steps per power of two, so that batches of slightly different sizes
  /// share their memory.
  static int capacity(int bytes) {
    int step = Math.max(64, Integer.highestOneBit(Math.max(1, bytes)) >> 3);
    return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv((long) bytes, step) * step);
  }
}
