package mmct.eval.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Stands behind the operations of a recording array that the library keeps apart, such as
/// convolutions.
final class ExtensionRecorder implements InvocationHandler {
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
    Object real = recorder.real().getNDArrayInternal();
    if (Session.isDecomposed(method, real)) {
      return Session.decompose(proxy, method, arguments);
    }
    Class<?> type = method.getReturnType();
    if (!NDArray.class.isAssignableFrom(type) && type != NDList.class) {
      throw Refusal.of(name, CallSite.current(), "ONNX has no such operation");
    }
    return session.record(name, OptionalInt.of(recorder.value()), real, method, arguments);
  }
}
