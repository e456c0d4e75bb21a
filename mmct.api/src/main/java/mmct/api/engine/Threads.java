package mmct.api.engine;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/// How threads share the processor with those that compute.
@SuppressWarnings("restricted")
public final class Threads {
  /// The system's scale ends at 19; a step is a factor of 1.25.
  private static final int LATER = 5;

  /// POSIX has it lower the whole process; on Linux it is the calling thread.
  private static final Optional<MethodHandle> NICE =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
          ? Linker.nativeLinker()
              .defaultLookup()
              .find("nice")
              .map(
                  address ->
                      Linker.nativeLinker()
                          .downcallHandle(
                              address,
                              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
          : Optional.empty();

  private Threads() {}

  /// From now on this thread gives way to those that compute, on Linux; elsewhere nothing changes.
  /// It still gets its share of cores that other programs keep busy. It cannot be taken back.
  ///
  /// The threads that share an operation of libtorch wait for each other, in some kernels by
  /// spinning: when the system takes the core from one of them for a thread that prepares data, the
  /// others burn theirs.
  public static void giveWay() {
    NICE.ifPresent(
        function -> {
          try {
            // A system that refuses lets the thread compete as before.
            int _ = (int) function.invokeExact(LATER);
          } catch (Throwable e) {
            throw new IllegalStateException("the thread's priority cannot be set", e);
          }
        });
  }
}
