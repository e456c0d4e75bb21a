package mmct.api.spi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mmct.api.MmctException;
import org.jspecify.annotations.Nullable;

/// Stands between the toolkit and what a plugin's provider gives: the provider itself, the
/// objects that it creates, and those that they create in turn. Every call through an interface of
/// the toolkit passes here, so that whatever is thrown, errors included, and a null where the
/// contract knows none is told with the provider and its jar ([Origin]).
final class Guard implements InvocationHandler {
  private static final String TOOLKIT = "mmct.";

  private final Object target;
  private final Origin origin;

  private Guard(Object target, Origin origin) {
    this.target = target;
    this.origin = origin;
  }

  /// The guard of an object, where it has one.
  static Optional<Guard> of(Object object) {
    return Proxy.isProxyClass(object.getClass())
            && Proxy.getInvocationHandler(object) instanceof Guard guard
        ? Optional.of(guard)
        : Optional.empty();
  }

  /// The object without its guard.
  static Object target(Object object) {
    return of(object).map(guard -> guard.target).orElse(object);
  }

  /// An object of a contract with a guard.
  static <T> T around(Class<T> contract, T object, Origin origin) {
    return contract.cast(guarded(object, origin));
  }

  Origin origin() {
    return origin;
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(method, arguments);
    }
    Object result;
    try {
      // A stream is read after the call, so the contract's own must read through the guard.
      result =
          method.getReturnType() == Stream.class && inherits(method)
              ? InvocationHandler.invokeDefault(proxy, method, arguments)
              : method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw origin.failure(method.getName(), Objects.requireNonNullElse(e.getCause(), e));
    } catch (Throwable e) {
      throw origin.failure(method.getName(), e);
    }
    if (result == null && method.getReturnType() != void.class && isContract(method)) {
      throw new MmctException("%s returned null from %s".formatted(origin, method.getName()));
    }
    return result == null ? null : guarded(result, origin);
  }

  private static boolean isContract(Method method) {
    return method.getDeclaringClass().getName().startsWith(TOOLKIT);
  }

  private boolean inherits(Method method) throws NoSuchMethodException {
    return target
        .getClass()
        .getMethod(method.getName(), method.getParameterTypes())
        .getDeclaringClass()
        .equals(method.getDeclaringClass());
  }

  private Object ofObject(Method method, @Nullable Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" ->
          arguments != null && arguments[0] != null && target.equals(target(arguments[0]));
      case "hashCode" -> target.hashCode();
      default -> origin.call("toString", target::toString);
    };
  }

  /// What a call returned, with a guard where it is of a contract or holds what is.
  private static Object guarded(Object result, Origin origin) {
    return switch (result) {
      case Optional<?> optional -> optional.map(held -> guarded(held, origin));
      case List<?> list when list.stream().anyMatch(Guard::hasContract) ->
          list.stream().map(held -> guarded(held, origin)).toList();
      case Map<?, ?> map when map.values().stream().anyMatch(Guard::hasContract) ->
          map.entrySet().stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      Map.Entry::getKey, entry -> guarded(entry.getValue(), origin)));
      case Stream<?> stream -> guarded(stream, origin);
      case Evaluation evaluation -> finite(evaluation, origin);
      default -> hasContract(result) ? proxy(result, contracts(result), origin) : result;
    };
  }

  /// A figure that is not a number would be written down, compared and shown as if it were one.
  private static Evaluation finite(Evaluation evaluation, Origin origin) {
    for (Map.Entry<String, Double> figure : evaluation.figures().entrySet()) {
      Double value = figure.getValue();
      if (value == null || !Double.isFinite(value)) {
        throw new MmctException(
            "the figure '%s' must be a finite number but is %s; what cannot be computed is left out (%s)"
                .formatted(figure.getKey(), value, origin));
      }
    }
    return evaluation;
  }

  private static <T> Stream<T> guarded(Stream<T> stream, Origin origin) {
    @SuppressWarnings("unchecked")
    Spliterator<T> read =
        (Spliterator<T>) proxy(stream.spliterator(), Set.of(Spliterator.class), origin);
    return StreamSupport.stream(read, false).onClose(stream::close);
  }

  private static boolean hasContract(@Nullable Object object) {
    return object != null && of(object).isEmpty() && !contracts(object).isEmpty();
  }

  private static Object proxy(Object object, Set<Class<?>> contracts, Origin origin) {
    // The loader of a class sees all that the class implements.
    ClassLoader loader = object.getClass().getClassLoader();
    return Proxy.newProxyInstance(
        loader == null ? Guard.class.getClassLoader() : loader,
        contracts.toArray(Class<?>[]::new),
        new Guard(object, origin));
  }

  /// The interfaces of the toolkit that an object implements and that others may.
  private static Set<Class<?>> contracts(Object object) {
    Set<Class<?>> contracts = new LinkedHashSet<>();
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Class<?> each : type.getInterfaces()) {
        addContracts(each, contracts);
      }
    }
    return contracts;
  }

  private static void addContracts(Class<?> type, Set<Class<?>> contracts) {
    if (Origin.isToolkit(type)
        && !type.isSealed()
        && Modifier.isPublic(type.getModifiers())
        && type.getModule().isExported(type.getPackageName())) {
      contracts.add(type);
    }
    for (Class<?> above : type.getInterfaces()) {
      addContracts(above, contracts);
    }
  }
}
