package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.engine.Engine;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LibtorchLogTest {
  private static final int WARNINGS = 1;
  private static final int ERRORS = 2;
  private static final int FATAL = 3;

  private final Optional<MemorySegment> least;
  private int before;

  LibtorchLogTest() {
    Engine.getInstance();
    least = Libtorch.variable("FLAGS_caffe2_log_level", ValueLayout.JAVA_INT);
  }

  @BeforeEach
  void remember() {
    assumeThat(least).as("a libtorch whose log can be set").isPresent();
    before = get();
  }

  @AfterEach
  void restore() {
    least.ifPresent(variable -> variable.set(ValueLayout.JAVA_INT, 0, before));
  }

  @Test
  void whereALoggerKeepsWarningsBackLibtorchDoesToo() {
    set(WARNINGS);
    LibtorchLog.follow(logger(false));
    assertThat(get()).isEqualTo(ERRORS);
  }

  @Test
  void whereALoggerTellsThemLibtorchIsLeftAlone() {
    set(WARNINGS);
    LibtorchLog.follow(logger(true));
    assertThat(get()).isEqualTo(WARNINGS);
  }

  @Test
  void whoeverWantsLessStillGetsLess() {
    set(FATAL);
    LibtorchLog.follow(logger(false));
    assertThat(get()).isEqualTo(FATAL);
  }

  private int get() {
    return least.orElseThrow().get(ValueLayout.JAVA_INT, 0);
  }

  private void set(int level) {
    least.orElseThrow().set(ValueLayout.JAVA_INT, 0, level);
  }

  /// A logger that is asked nothing but whether warnings are told.
  private static Logger logger(boolean warns) {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("isWarnEnabled");
              return warns;
            });
  }
}
