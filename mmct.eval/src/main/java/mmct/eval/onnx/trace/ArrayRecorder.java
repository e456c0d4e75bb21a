package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stands behind a recording array.
final class ArrayRecorder implements InvocationHandler {
  /// What an array says about itself, which its values have no part in.
  private static final Set<String> FACTS =
      Set.of(
          "getName",
          "getUid",
          "getDataType",
          "getDevice",
          "getShape",
          "getSparseFormat",
          "isSparse",
          "isScalar",
          "size",
          "isEmpty",
          "isReleased",
          "hasGradient");

  /// What concerns the life of an array, which is the tracer's business.
  private static final Set<String> OWNERSHIP =
      Set.of(
          "close",
          "attach",
          "detach",
          "tempAttach",
          "returnResource",
          "setName",
          "setRequiresGradient");

  /// Operations that change their receiver, by the operation whose result it becomes.
  private static final Set<String> IN_PLACE =
      Set.of("addi", "subi", "muli", "divi", "modi", "powi", "signi", "negi");

  private final Session session;
  private int value;
  private NDArray real;

  ArrayRecorder(Session session, int value, NDArray real) {
    this.session = session;
    this.value = value;
    this.real = real;
  }

  int value() {
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
    return value;
  }

  NDArray real() {
    return real;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, name, arguments);
    }
    if (FACTS.contains(name)) {
      return Session.invoke(real, method, arguments);
    }
    if (OWNERSHIP.contains(name)) {
      return null;
    }
    return switch (name) {
      case "getManager" -> session.manager();
      case "getNDArrayInternal" -> session.extension((NDArray) proxy, this);
      case "getResourceNDArrays" -> List.of(proxy);
      case "shapeEquals" -> real.getShape().equals(((NDArray) arguments[0]).getShape());
      case "intern" -> rebind((NDArray) arguments[0], null);
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
    if (keepsType(name, arguments) || name.equals("toDevice")) {
      return proxy;
    }
    return session.record(name, OptionalInt.of(value), real, method, arguments);
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
      NDArray result = (NDArray) session.record(name, OptionalInt.of(value), real, pure, arguments);
      rebind(result, real.getDataType());
      return proxy;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Becomes another array, in the type given.
  private @Nullable Object rebind(NDArray other, @Nullable DataType type) {
    NDArray typed = type == null ? other : other.toType(type, false);
    value = session.value(typed);
    real = session.real(typed);
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
      return rebind(session.host(filled), null);
    }
    if (arguments[1] instanceof java.util.function.Function) {
      return Session.decompose(proxy, method, arguments);
    }
    NDArray changed = real.duplicate();
    Object ignored = Session.invoke(changed, method, Arguments.real(arguments, session));
    rebind(session.written(value, arguments, changed), null);
    return ignored;
  }

  @SuppressWarnings("ReferenceEquality")
  private static Object ofObject(Object proxy, String name, @Nullable Object[] arguments) {
    return switch (name) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "a traced array";
      default -> throw new IllegalStateException(name);
    };
  }
}
