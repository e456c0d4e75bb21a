package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Test;

class LibtorchVersionTest {
  @Test
  void theLibraryItselfTellsItsVersion() {
    assertThat(Engine.getInstance().getEngineName()).isEqualTo("PyTorch");
    assertThat(LibtorchVersion.ask()).contains(Bridge.USUAL_LIBTORCH);
  }
}
