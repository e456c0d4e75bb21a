package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Stands behind the operations of a recording array that the library keeps apart, such as
/// convolutions.
final class ExtensionRecorder implements InvocationHandler {
  /// Operations that change their array and that the engine carries out by itself.
  private static final Set<String> IN_PLACE = Set.of("rdivi", "rmodi", "rpowi", "rsubi");

  private final Session session;
  private final NDArray array;
  private final ArrayRecorder recorder;

  ExtensionRecorder(Session session, NDArray array, ArrayRecorder recorder) {
    this.session = session;
    this.array = array;
    this.recorder = recorder;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) {
    @Nullable Object[] arguments = given == null ? new Object[0] : given;
    String name = method.getName();
    if (name.equals("getArray")) {
      return array;
    }
    if (IN_PLACE.contains(name)) {
      recorder.become((NDArray) decomposed(proxy, method, arguments), name);
      return array;
    }
    Object real = recorder.real().getNDArrayInternal();
    if (Session.isDecomposed(method, real)) {
      return Session.decompose(proxy, method, arguments);
    }
    Class<?> type = method.getReturnType();
    if (!NDArray.class.isAssignableFrom(type) && type != NDList.class) {
      throw Refusal.of(name, CallSite.current(), "ONNX has no such operation");
    }
    return session.record(
        name,
        OptionalInt.of(recorder.current()),
        real,
        method,
        arguments,
        Optional.of(recorder.memory()));
  }

  /// The operation that makes a new array, which its interface spells out.
  private static Object decomposed(Object proxy, Method method, @Nullable Object[] arguments) {
    try {
      String pure = method.getName().substring(0, method.getName().length() - 1);
      Method maker = NDArrayEx.class.getMethod(pure, method.getParameterTypes());
      return Objects.requireNonNull(Session.decompose(proxy, maker, arguments));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
