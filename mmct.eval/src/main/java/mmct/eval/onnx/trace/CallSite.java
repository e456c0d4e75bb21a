package mmct.eval.onnx.trace;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
    // Only the frame that is told gets its file and line looked up, which costs more than the walk.
    return StackWalker.getInstance()
        .walk(
            frames ->
                text(
                    found(frames, StackWalker.StackFrame::getClassName)
                        .map(StackWalker.StackFrame::toStackTraceElement)));
  }

  /// The line that led to an exception.
  static String of(Throwable thrown) {
    return text(found(Stream.of(thrown.getStackTrace()), StackTraceElement::getClassName));
  }

  private static <F> Optional<F> found(Stream<F> stack, Function<F, String> className) {
    List<F> block =
        stack
            .takeWhile(frame -> !className.apply(frame).equals(Tracer.class.getName()))
            .filter(frame -> PLATFORM.stream().noneMatch(className.apply(frame)::startsWith))
            .toList();
    return block.stream()
        .filter(frame -> !className.apply(frame).startsWith("ai.djl."))
        .findFirst()
        .or(() -> block.stream().findFirst());
  }

  private static String text(Optional<StackTraceElement> frame) {
    return frame
        .map(f -> "%s (%s:%d)".formatted(f.getClassName(), f.getFileName(), f.getLineNumber()))
        .orElse("the block's result");
  }
}
