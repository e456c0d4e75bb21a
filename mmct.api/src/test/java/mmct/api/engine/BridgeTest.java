package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BridgeTest {
  private static final String NAME = System.mapLibraryName("djl_torch");

  @TempDir private Path folder;

  @BeforeEach
  void aBridgeComesWithAnEngine() {
    assertThat(Engine.getInstance().getEngineName()).isEqualTo("PyTorch");
  }

  @Test
  void theBridgeThatComesAlongFitsTheLibraryThatComesAlong() {
    assertThat(LibtorchVersion.ask()).contains(Bridge.libtorch());
  }

  @Test
  void withoutABridgeBesideLibtorchTheUsualOneIsTaken() {
    assertThat(Bridge.libtorch(folder)).isEqualTo(Bridge.USUAL_LIBTORCH);
  }

  @Test
  void aBridgeTellsWhichLibtorchItWasCompiledFor() throws IOException {
    write(NAME, "\u007fELF\u0000\u00ff djl_torch built for libtorch 2.11.0\u0000 more");
    assertThat(Bridge.libtorch(folder)).isEqualTo("2.11.0");
  }

  @Test
  void aBridgeThatTellsNothingIsTakenForTheUsualOne() throws IOException {
    write(NAME, "\u007fELF\u0000 built for libtorch 2.11.0");
    assertThat(Bridge.libtorch(folder)).isEqualTo(Bridge.USUAL_LIBTORCH);
  }

  @Test
  void theBridgeThatTheLibraryTakesFirstIsAsked() throws IOException {
    write(NAME, "djl_torch built for libtorch 2.11.0");
    write(Engine.getDjlVersion() + "-" + NAME, "djl_torch built for libtorch 2.9.1");
    assertThat(Bridge.libtorch(folder)).isEqualTo("2.9.1");
  }

  private void write(String name, String content) throws IOException {
    Files.write(folder.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }
}
