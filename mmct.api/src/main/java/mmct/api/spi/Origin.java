package mmct.api.spi;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.BrokenCellException;
import org.jspecify.annotations.Nullable;

/// Where a provider comes from, and how its failures are told.
///
/// @param kind the kind of the provider, such as `loss`
/// @param name its name in the configuration
/// @param type the name of its class
/// @param place its jar or folder of classes, where that is known
public record Origin(String kind, String name, String type, Optional<String> place) {
  /// How libtorch says that an array does not fit the memory.
  private static final String DOES_NOT_FIT = "ried to allocate ";

  /// The origin of a provider.
  static Origin of(String kind, String name, Class<?> type) {
    return new Origin(kind, name, type.getName(), place(type));
  }

  /// The origin of what a plugin's provider created; empty for anything else.
  public static Optional<Origin> of(Object created) {
    return Guard.of(created).map(Guard::origin);
  }

  /// The jar, or the folder of classes, that a class was loaded from.
  static Optional<String> place(Class<?> type) {
    return Optional.ofNullable(type.getProtectionDomain().getCodeSource())
        .map(CodeSource::getLocation)
        .map(location -> path(location.toString()));
  }

  private static String path(String location) {
    try {
      return Path.of(new URI(location)).toString();
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      // A jar within a jar has no path.
      return location;
    }
  }

  /// Whether a class is of a layer that was loaded over the program, as plugins are.
  static boolean isPlugin(Class<?> type) {
    @Nullable ModuleLayer layer = type.getModule().getLayer();
    return layer != null && isOver(layer);
  }

  /// Whether a layer lies over the program rather than being that of the toolkit itself.
  static boolean isOver(ModuleLayer layer) {
    return layer != ModuleLayer.boot() && layer != Origin.class.getModule().getLayer();
  }

  /// Whether a class is the toolkit's own.
  static boolean isToolkit(Class<?> type) {
    return !isPlugin(type) && isToolkit(type.getModule().getName(), type.getName());
  }

  private static boolean isToolkit(@Nullable String module, String type) {
    return (module == null ? type : module).startsWith("mmct.");
  }

  /// Does work of the provider; what it throws is told in one sentence with the provider and its
  /// jar.
  ///
  /// @param what the name of the method that is called
  /// @throws MmctException where the work fails
  public <T> T call(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error e) {
      throw failure(what, e);
    }
  }

  /// What was thrown, told in one sentence. What was a sentence already stays one, and ends with
  /// the provider where it is the provider's.
  ///
  /// @param what the name of the method that failed
  /// @return to be thrown
  RuntimeException failure(String what, Throwable thrown) {
    return switch (thrown) {
      // The first is counted and told with its sample; the others are no fault of the provider.
      case BrokenCellException broken -> broken;
      case CancellationException cancelled -> cancelled;
      case OutOfMemoryError memory -> throw memory;
      case RuntimeException full when full.toString().contains(DOES_NOT_FIT) -> full;
      case MmctException told ->
          fromToolkit(told)
              ? told
              : new MmctException("%s (%s)".formatted(told.getMessage(), this), told);
      default ->
          new MmctException("%s failed in %s: %s".formatted(this, what, Fault.of(thrown)), thrown);
    };
  }

  private static boolean fromToolkit(Throwable told) {
    // A record of the toolkit that refuses what it is made of speaks of whoever made it.
    return Stream.of(told.getStackTrace())
        .filter(frame -> !frame.getMethodName().equals("<init>"))
        .findFirst()
        .map(frame -> isToolkit(frame.getModuleName(), frame.getClassName()))
        .orElse(true);
  }

  /// Such as `the loss 'half' (org.example.HalfProvider in /home/me/plugins/half.jar)`.
  @Override
  public String toString() {
    return "the %s '%s' (%s%s)"
        .formatted(kind, name, type, place.map(jar -> " in " + jar).orElse(""));
  }
}
