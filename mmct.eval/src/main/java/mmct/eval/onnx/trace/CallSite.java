package mmct.eval.onnx.trace;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the line of the caller's code, which is neither the JDK's nor the array library's nor the
/// tracer's. Where a block of the library calls the operation without anybody's code in between,
/// it is the library's line.
final class CallSite {
  private static final String TRACER = "mmct.eval.onnx.trace.";
  private static final List<String> PLATFORM =
      List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", TRACER);

  private CallSite() {}

  /// The line that led to the current call.
  static String current() {
    return StackWalker.getInstance()
        .walk(frames -> of(frames.map(StackWalker.StackFrame::toStackTraceElement)));
  }

  /// The line that led to an exception.
  static String of(Throwable thrown) {
    return of(Stream.of(thrown.getStackTrace()));
  }

  private static String of(Stream<StackTraceElement> stack) {
    List<StackTraceElement> block =
        stack
            .takeWhile(frame -> !frame.getClassName().equals(Tracer.class.getName()))
            .filter(frame -> PLATFORM.stream().noneMatch(frame.getClassName()::startsWith))
            .toList();
    Optional<StackTraceElement> own =
        block.stream().filter(frame -> !frame.getClassName().startsWith("ai.djl.")).findFirst();
    return own.or(() -> block.stream().findFirst())
        .map(f -> "%s (%s:%d)".formatted(f.getClassName(), f.getFileName(), f.getLineNumber()))
        .orElse("an unknown place");
  }
}
