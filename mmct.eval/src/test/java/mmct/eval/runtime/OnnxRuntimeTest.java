package mmct.eval.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told where ONNX Runtime cannot be loaded.
class OnnxRuntimeTest {
  @TempDir private Path folder;

  @Test
  void aTemporaryFolderThatCannotBeWrittenIsNamedWithTheRemedy() {
    Path none = folder.resolve("none");
    Throwable thrown =
        new ExceptionInInitializerError(
            new RuntimeException("Failed to load", new NoSuchFileException(none.toString())));

    assertThat(OnnxRuntime.unloadable(thrown, none))
        .hasMessageStartingWith("ONNX Runtime cannot be loaded, since the temporary folder " + none)
        .hasMessageEndingWith(
            "; TMPDIR, or for a program of your own -Djava.io.tmpdir, names another");
  }

  @Test
  void anotherCauseIsTold() {
    assertThat(OnnxRuntime.unloadable(new UnsatisfiedLinkError("libgomp.so.1 is missing"), folder))
        .hasMessage("ONNX Runtime cannot be loaded: libgomp.so.1 is missing");
  }
}
