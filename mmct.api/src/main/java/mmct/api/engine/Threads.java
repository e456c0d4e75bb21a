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
  private static final int PROCESS = 0;
  private static final int SELF = 0;
  private static final int LEAST = 19;

  /// POSIX has it lower the whole process; on Linux it is the calling thread.
  private static final Optional<MethodHandle> SET_PRIORITY =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")
          ? Linker.nativeLinker()
              .defaultLookup()
              .find("setpriority")
              .map(
                  address ->
                      Linker.nativeLinker()
                          .downcallHandle(
                              address,
                              FunctionDescriptor.of(
                                  ValueLayout.JAVA_INT,
                                  ValueLayout.JAVA_INT,
                                  ValueLayout.JAVA_INT,
                                  ValueLayout.JAVA_INT)))
          : Optional.empty();

  private Threads() {}

  /// From now on this thread runs where the computation leaves a core idle, on Linux; elsewhere
  /// nothing changes. It cannot be taken back.
  ///
  /// The threads that share an operation of libtorch wait for each other, in some kernels by
  /// spinning: when the system takes the core from one of them for a thread that prepares data, the
  /// others burn theirs.
  public static void giveWay() {
    SET_PRIORITY.ifPresent(
        function -> {
          try {
            // A system that refuses lets the thread compete as before.
            int _ = (int) function.invokeExact(PROCESS, SELF, LEAST);
          } catch (Throwable e) {
            throw new IllegalStateException("the thread's priority cannot be set", e);
          }
        });
  }
}
