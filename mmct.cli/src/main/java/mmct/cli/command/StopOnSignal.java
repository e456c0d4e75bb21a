package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CountDownLatch;

/// Turns Ctrl-C and SIGTERM into a wish to stop, and lets the process end only when the command has
/// ended, so that it can write its checkpoint and say so. The exit codes stay those of the signals,
/// 130 and 143.
@Singleton
public final class StopOnSignal {
  private final CountDownLatch ended = new CountDownLatch(1);

  /// Called by Guice.
  @Inject
  public StopOnSignal() {}

  /// Does work that can be stopped.
  ///
  /// @param requestStop called from another thread when a signal comes, at most once
  void during(Runnable work, Runnable requestStop) {
    Thread hook =
        new Thread(
            () -> {
              requestStop.run();
              awaitEnd();
            },
            "stop-on-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      work.run();
    } finally {
      remove(hook);
    }
  }

  /// Tells that the command has ended and everything has been said.
  public void commandEnded() {
    ended.countDown();
  }

  private void awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook waits for the command to end.
    }
  }
}
