package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One traced pass: makes recording arrays, and carries calls out on the real arrays behind them.
final class Session {
  static final String REAL_RECEIVER =
      "an array that is not traced, such as one that the block keeps in a field, is asked to compute"
          + " with a traced one; the traced array must come first, or the other be a parameter";

  private final NDManager real;
  private final NDManager manager;
  private final Recording recording = new Recording();

  /// Operations whose result may share the memory of their receiver.
  private static final Set<String> VIEWS =
      Set.of(
          "get",
          "reshape",
          "flatten",
          "squeeze",
          "expandDims",
          "transpose",
          "swapAxes",
          "broadcast",
          "split",
          "diagonal",
          "repeat",
          "tile",
          "stopGradient",
          "toType",
          "toDevice",
          "cumSum",
          "dropout");

  /// Real arrays that came up as arguments, with the numbers of their values and what they held.
  private final IdentityHashMap<NDArray, Kept> known = new IdentityHashMap<>();

  /// Names of the arrays of parameters, for blocks that do not ask the parameter store.
  private final IdentityHashMap<NDArray, String> weights = new IdentityHashMap<>();

  private record Kept(int value, NDArray content) {}

  Session(NDManager real) {
    this.real = real;
    manager = proxy(NDManager.class, new ManagerRecorder(this, real));
  }

  /// The recording manager.
  NDManager manager() {
    return manager;
  }

  /// The manager that owns the real arrays.
  NDManager realManager() {
    return real;
  }

  Recording recording() {
    return recording;
  }

  /// Remembers that an array is a parameter's.
  void keep(NDArray array, String name) {
    weights.put(array, name);
  }

  /// A recording array of a value that no call computes.
  NDArray leaf(Leaf leaf, NDArray array) {
    return array(recording.leaf(leaf, array), array, new Memory(null));
  }

  /// A recording array of a parameter.
  ///
  /// @param alias another handle to the parameter's array
  NDArray weight(String name, NDArray array, NDArray alias) {
    return array(recording.leaf(new Leaf.Weight(name, array), alias), alias, new Memory(name));
  }

  /// A recording array of host data.
  NDArray host(NDArray array) {
    return leaf(new Leaf.Host(array, CallSite.current()), array);
  }

  /// A recording array of a real one.
  NDArray traced(NDArray array) {
    String weight = weights.get(array);
    int value = value(array);
    Kept kept = known.get(array);
    return array(value, kept == null ? array : kept.content(), new Memory(weight));
  }

  /// Records that a value was written into.
  ///
  /// @param arguments the index and what was written there
  /// @param changed the array after writing
  NDArray written(int receiver, @Nullable Object[] arguments, NDArray changed) {
    List<Argument> recorded = Arguments.recorded(arguments, this);
    OptionalInt target = OptionalInt.of(receiver);
    return wrap("set", target, recorded, List.of(changed), CallSite.current(), Optional.empty())
        .getFirst();
  }

  private NDArray array(int value, NDArray array, Memory memory) {
    return proxy(NDArray.class, new ArrayRecorder(this, value, array, memory));
  }

  /// The operations of an array that the library keeps apart.
  NDArrayEx extension(NDArray array, ArrayRecorder recorder) {
    return proxy(NDArrayEx.class, new ExtensionRecorder(this, array, recorder));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /// The recorder behind a recording array; null for a real array.
  static @Nullable ArrayRecorder recorder(@Nullable Object array) {
    return array != null
            && Proxy.isProxyClass(array.getClass())
            && Proxy.getInvocationHandler(array) instanceof ArrayRecorder recorder
        ? recorder
        : null;
  }

  /// The real array behind an array.
  NDArray real(NDArray array) {
    ArrayRecorder recorder = recorder(array);
    return recorder == null ? array : recorder.real();
  }

  /// The number of an array's value; a real array becomes a leaf.
  int value(NDArray array) {
    ArrayRecorder recorder = recorder(array);
    if (recorder != null) {
      return recorder.valueIn(this);
    }
    String name = weights.get(array);
    if (name != null) {
      return known
          .computeIfAbsent(array, a -> new Kept(recording.leaf(new Leaf.Weight(name, a), a), a))
          .value();
    }
    Kept kept = known.get(array);
    if (kept == null || !sameContent(kept.content(), array)) {
      // A copy, since the block may close the array or write into it.
      NDArray content = array.duplicate();
      content.attach(real);
      kept = new Kept(recording.leaf(new Leaf.Host(content, CallSite.current()), content), content);
      known.put(array, kept);
    }
    return kept.value();
  }

  private static boolean sameContent(NDArray one, NDArray other) {
    return one.getDataType() == other.getDataType()
        && one.getShape().equals(other.getShape())
        && one.contentEquals(other);
  }

  /// Carries a call out and records it.
  ///
  /// @param name the name to record
  /// @param receiver the value whose method it is; empty for a manager's
  /// @param target the real object
  /// @param memory of the receiver; empty for a manager's
  /// @return a recording array or a list of them
  Object record(
      String name,
      OptionalInt receiver,
      Object target,
      Method method,
      @Nullable Object[] given,
      Optional<Memory> memory) {
    String line = CallSite.current();
    List<Argument> arguments = Arguments.recorded(given, this);
    Optional<Memory> shared = VIEWS.contains(name) ? memory : Optional.empty();
    Object result = invoke(target, method, Arguments.real(given, this));
    return switch (result) {
      case NDArray array ->
          wrap(name, receiver, arguments, List.of(array), line, shared).getFirst();
      case NDList list -> new NDList(wrap(name, receiver, arguments, list, line, shared));
      case null, default -> throw Refusal.of(name, line, "it reads the values of an array");
    };
  }

  private List<NDArray> wrap(
      String name,
      OptionalInt receiver,
      List<Argument> arguments,
      List<NDArray> results,
      String line,
      Optional<Memory> memory) {
    List<Integer> values = new ArrayList<>();
    results.forEach(result -> values.add(recording.value(result)));
    recording.call(new Recording.Call(name, receiver, arguments, List.copyOf(values), line));
    return IntStream.range(0, values.size())
        .mapToObj(
            i -> array(values.get(i), results.get(i), memory.orElseGet(() -> new Memory(null))))
        .toList();
  }

  /// Calls a method of a real object.
  static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw unchecked(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Runs the body that an interface gives a method, on the recording object.
  static @Nullable Object decompose(Object proxy, Method method, @Nullable Object[] arguments) {
    try {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException runtime -> runtime;
      case Error error -> throw error;
      case null -> new IllegalStateException("a call failed without a cause");
      default -> new IllegalStateException(cause);
    };
  }

  /// Whether a method has a body in its interface that the engine's class does not replace.
  static boolean isDecomposed(Method method, Object real) {
    if (!method.isDefault()) {
      return false;
    }
    try {
      return real.getClass()
          .getMethod(method.getName(), method.getParameterTypes())
          .getDeclaringClass()
          .isInterface();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
