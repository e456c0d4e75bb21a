package mmct.api.engine;

import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;

/// What libtorch writes to the process's error stream by itself, past Java's loggers. Some of its
/// warnings come at every call, such as one of cuDNN about the weights of recurrent layers.
final class LibtorchLog {
  /// The least that is written: 0 information, 1 warnings, 2 errors.
  private static final String LEAST = "FLAGS_caffe2_log_level";

  private static final int ERRORS = 2;

  private LibtorchLog() {}

  /// Keeps warnings back where a logger does.
  static void follow(Logger logger) {
    if (!logger.isWarnEnabled()) {
      Libtorch.variable(LEAST, ValueLayout.JAVA_INT)
          .ifPresent(
              least ->
                  least.set(
                      ValueLayout.JAVA_INT,
                      0,
                      Math.max(ERRORS, least.get(ValueLayout.JAVA_INT, 0))));
    }
  }
}
