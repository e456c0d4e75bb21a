package mmct.api.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Memory outside the Java heap that is used again and again.
///
/// Direct buffers are only freed when the garbage collector happens to find them, so a run that
/// makes new ones for every batch breathes in and out by hundreds of megabytes. Tensors that are
/// made within [#use] take their memory from here, and [#recycle] gives it back at once. Whoever
/// does not recycle loses nothing: such memory is freed by the collector as ever.
///
/// Where a GPU takes the tensors, their memory can be page-locked: the GPU then copies from it
/// directly rather than through a buffer of its driver, several times as fast. And bytes stay bytes
/// until they are there, a quarter of what floats would be.
///
/// Safe for any number of threads.
public final class HostMemory implements AutoCloseable {
  /// Smaller memory is copied quickly anyway, and may share its pages with other things.
  private static final int LEAST_LOCKED = 1 << 20;

  private static final ScopedValue<HostMemory> CURRENT = ScopedValue.newInstance();

  /// What is not in use, by capacity.
  private final Map<Integer, Deque<ByteBuffer>> free = new ConcurrentHashMap<>();

  /// What was tried to be locked, and whether it is; the same buffers go round all the time.
  private final Map<ByteBuffer, Boolean> locked =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final boolean keepsBytes;
  private final Predicate<ByteBuffer> lock;
  private final Consumer<ByteBuffer> unlock;

  /// Memory of which nothing has been used yet.
  public HostMemory() {
    this(false, memory -> false, memory -> {});
  }

  /// Memory of tensors that go to a GPU, page-locked when it is recycled for the first time.
  ///
  /// @param lock locks a buffer's memory, and tells whether it could
  /// @param unlock takes that back
  public static HostMemory forGpu(Predicate<ByteBuffer> lock, Consumer<ByteBuffer> unlock) {
    return new HostMemory(true, lock, unlock);
  }

  /// Memory of tensors whose reader makes floats of bytes itself: [HostArray.Bytes] stay bytes.
  public static HostMemory ofBytes() {
    return new HostMemory(true, memory -> false, memory -> {});
  }

  private HostMemory(boolean keepsBytes, Predicate<ByteBuffer> lock, Consumer<ByteBuffer> unlock) {
    this.keepsBytes = keepsBytes;
    this.lock = lock;
    this.unlock = unlock;
  }

  /// Does some work; the tensors that it makes on this thread take their memory from here.
  public <T> T use(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }

  /// Takes the memory of a tensor back. Nothing that shares it may be read any more.
  public void recycle(HostTensor tensor) {
    ByteBuffer whole = tensor.data().clear();
    if (whole.capacity() >= LEAST_LOCKED) {
      locked.computeIfAbsent(whole, lock::test);
    }
    ofCapacity(whole.capacity()).add(whole);
  }

  /// Unlocks what was locked; nothing may be copied from it meanwhile.
  @Override
  public void close() {
    locked.forEach(
        (memory, is) -> {
          if (is) {
            unlock.accept(memory);
          }
        });
    locked.clear();
  }

  /// Whether tensors that are made now leave it to the device to make floats of bytes.
  static boolean keepsBytes() {
    return CURRENT.isBound() && CURRENT.get().keepsBytes;
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
