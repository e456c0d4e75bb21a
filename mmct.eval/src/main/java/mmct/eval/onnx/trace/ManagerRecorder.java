package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stands behind the one recording manager of a pass.
final class ManagerRecorder implements InvocationHandler {
  /// Arrays that follow from their sizes.
  private static final Set<String> OF_SIZES =
      Set.of("zeros", "ones", "full", "arange", "eye", "linspace", "hanningWindow");

  private static final Set<String> FACTS =
      Set.of("getDevice", "defaultDevice", "getName", "isOpen", "getEngine", "allocateDirect");

  private final Session session;
  private final NDManager real;

  ManagerRecorder(Session session, NDManager real) {
    this.session = session;
    this.real = real;
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (FACTS.contains(name)) {
      return Session.invoke(real, method, arguments);
    }
    if (name.startsWith("random") || name.startsWith("sample") || name.startsWith("truncated")) {
      throw Refusal.of(name, CallSite.current(), "its result is random");
    }
    return switch (name) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "the manager of a traced pass";
      case "newSubManager", "getParentManager" -> proxy;
      case "getManagedArrays" ->
          throw Refusal.of(
              name, CallSite.current(), "a manager's arrays are not those of a plain pass");
      case "from" -> from((NDArray) arguments[0]);
      case "ret" -> arguments[0];
      default -> make(proxy, method, arguments);
    };
  }

  private @Nullable Object make(Object proxy, Method method, @Nullable Object[] arguments) {
    String name = method.getName();
    if (OF_SIZES.contains(name)) {
      return Session.isDecomposed(method, real)
          ? Session.decompose(proxy, method, arguments)
          : session.record(name, OptionalInt.empty(), real, method, arguments, Optional.empty());
    }
    if (name.equals("create") && arguments[0] instanceof Number) {
      return session.record(name, OptionalInt.empty(), real, method, arguments, Optional.empty());
    }
    if (name.equals("create") && arguments[0] instanceof Shape shape) {
      return empty(proxy, shape, arguments);
    }
    if (name.equals("create") && Session.isDecomposed(method, real)) {
      return Session.decompose(proxy, method, arguments);
    }
    if (method.getReturnType() == void.class) {
      return null;
    }
    Object made = Session.invoke(real, method, arguments);
    return switch (made) {
      case NDArray array -> session.host(array);
      case NDList list -> new NDList(list.stream().map(session::host).toList());
      case null, default ->
          throw Refusal.of(name, CallSite.current(), "ONNX has no such operation");
    };
  }

  /// An array whose content is undefined is one of zeros.
  private static NDArray empty(Object proxy, Shape shape, @Nullable Object[] arguments) {
    NDManager manager = (NDManager) proxy;
    return arguments.length > 1 && arguments[1] instanceof ai.djl.ndarray.types.DataType type
        ? manager.zeros(shape, type)
        : manager.zeros(shape);
  }

  private @Nullable NDArray from(@Nullable NDArray array) {
    return array == null || Session.recorder(array) != null ? array : session.traced(array);
  }
}
