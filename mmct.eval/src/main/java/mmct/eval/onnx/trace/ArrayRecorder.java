package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import mmct.api.MmctException;
import org.jspecify.annotations.Nullable;

/// Stands behind a recording array.
final class ArrayRecorder implements InvocationHandler {
  /// What an array says about itself, which its values have no part in.
  private static final Set<String> FACTS =
      Set.of(
          "getUid",
          "getDataType",
          "getDevice",
          "getShape",
          "getSparseFormat",
          "isSparse",
          "isScalar",
          "size",
          "isEmpty",
          "hasGradient");

  /// What concerns the life of an array, which is the tracer's business.
  private static final Set<String> OWNERSHIP =
      Set.of("attach", "detach", "tempAttach", "returnResource");

  /// Operations that change their receiver, by the operation whose result it becomes.
  private static final Set<String> IN_PLACE =
      Set.of("addi", "subi", "muli", "divi", "modi", "powi", "signi", "negi");

  private final Session session;
  private int value;
  private NDArray real;
  private Memory memory;

  /// How many writes into the memory this array knows of.
  private int seen;

  private boolean closed;
  private @Nullable String name;

  ArrayRecorder(Session session, int value, NDArray real, Memory memory) {
    this.session = session;
    this.value = value;
    this.real = real;
    this.memory = memory;
    seen = memory.writes();
  }

  Memory memory() {
    return memory;
  }

  /// The number of the value, which is read.
  int current() {
    memory.requireCurrent(seen);
    return value;
  }

  /// The number of the value, for the pass that it belongs to.
  @SuppressWarnings("ReferenceEquality")
  int valueIn(Session asking) {
    if (asking != session) {
      throw Refusal.of(
          "forward",
          CallSite.current(),
          "the block keeps an array that it computed in an earlier pass");
    }
    return current();
  }

  NDArray real() {
    return real;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(name, arguments);
    }
    if (FACTS.contains(name)) {
      return Session.invoke(real, method, arguments);
    }
    if (OWNERSHIP.contains(name)) {
      return null;
    }
    return switch (name) {
      case "getName" -> this.name;
      case "setName" -> {
        this.name = (String) arguments[0];
        yield null;
      }
      case "close" -> {
        closed = true;
        yield null;
      }
      case "isReleased" -> closed;
      case "setRequiresGradient" ->
          throw Refusal.of(name, CallSite.current(), "a file has no gradients");
      case "getManager" -> session.manager();
      case "getNDArrayInternal" -> session.extension((NDArray) proxy, this);
      case "getResourceNDArrays" -> List.of(proxy);
      case "shapeEquals" -> real.getShape().equals(((NDArray) arguments[0]).getShape());
      case "intern" -> interned((NDArray) arguments[0]);
      case "set", "setScalar" -> set(proxy, method, arguments);
      default -> operation((NDArray) proxy, method, arguments);
    };
  }

  private @Nullable Object operation(NDArray proxy, Method method, @Nullable Object[] arguments) {
    String name = method.getName();
    if (IN_PLACE.contains(name)) {
      return inPlace(proxy, method, arguments);
    }
    Class<?> type = method.getReturnType();
    if (type != NDArray.class && type != NDList.class) {
      boolean unwrapped =
          StackWalker.getInstance()
              .walk(
                  s ->
                      s.anyMatch(
                          f -> f.getClassName().equals("ai.djl.pytorch.engine.PtNDManager")));
      throw Refusal.of(
          name,
          CallSite.current(),
          unwrapped ? Session.REAL_RECEIVER : "it reads the values of an array");
    }
    boolean indexed = arguments.length > 0 && arguments[arguments.length - 1] instanceof NDIndex;
    if (Session.isDecomposed(method, real) && !(name.equals("get") && indexed)) {
      return Session.decompose(proxy, method, arguments);
    }
    if (keepsType(name, arguments)
        || (name.equals("toDevice") && Boolean.FALSE.equals(arguments[1]))) {
      return proxy;
    }
    return session.record(
        name, OptionalInt.of(current()), real, method, arguments, Optional.of(memory));
  }

  private boolean keepsType(String name, @Nullable Object[] arguments) {
    return name.equals("toType")
        && real.getDataType() == arguments[0]
        && Boolean.FALSE.equals(arguments[1]);
  }

  /// Records the operation that makes a new array, and becomes its result.
  private NDArray inPlace(NDArray proxy, Method method, @Nullable Object[] arguments) {
    String name = method.getName().substring(0, method.getName().length() - 1);
    try {
      Method pure = NDArray.class.getMethod(name, method.getParameterTypes());
      NDArray result =
          (NDArray)
              session.record(
                  name, OptionalInt.of(current()), real, pure, arguments, Optional.empty());
      become(result, method.getName());
      return proxy;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Becomes a result, in the type that the array has: what an operation in place does.
  ///
  /// @param operation the operation
  void become(NDArray result, String operation) {
    DataType type = real.getDataType();
    memory.write(operation);
    rebind(result.toType(type, false));
  }

  private void rebind(NDArray other) {
    value = session.value(other);
    real = session.real(other);
    seen = memory.writes();
  }

  /// Takes the place of another array, memory and all.
  private @Nullable Object interned(NDArray other) {
    value = session.value(other);
    real = session.real(other);
    ArrayRecorder recorder = Session.recorder(other);
    memory = recorder == null ? new Memory(null) : recorder.memory;
    seen = memory.writes();
    return null;
  }

  /// Writing is recorded as an operation that makes a new array.
  private @Nullable Object set(Object proxy, Method method, @Nullable Object[] arguments) {
    if (!(arguments[0] instanceof NDIndex)) {
      if (Session.isDecomposed(method, real)) {
        return Session.decompose(proxy, method, arguments);
      }
      // The values of a buffer of the host.
      NDArray filled = real.duplicate();
      Session.invoke(filled, method, arguments);
      memory.write(method.getName());
      rebind(session.host(filled));
      return null;
    }
    if (arguments[1] instanceof java.util.function.Function) {
      return Session.decompose(proxy, method, arguments);
    }
    NDArray changed = real.duplicate();
    Object ignored = Session.invoke(changed, method, Arguments.real(arguments, session));
    NDArray written = session.written(current(), arguments, changed);
    memory.write(method.getName());
    rebind(written);
    return ignored;
  }

  /// The engine's arrays are equal where their contents are, and their text is their content. Their
  /// hash says nothing, so that sets and maps of arrays ask whether they are equal.
  private static Object ofObject(String name, @Nullable Object[] arguments) {
    return switch (name) {
      case "equals" -> {
        if (arguments[0] instanceof NDArray) {
          throw readsValues(name);
        }
        yield false;
      }
      case "hashCode" -> 0;
      case "toString" -> throw readsValues(name);
      default -> throw new IllegalStateException(name);
    };
  }

  private static MmctException readsValues(String operation) {
    return Refusal.of(operation, CallSite.current(), "it reads the values of an array");
  }
}
