package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Test;

class LibtorchVersionTest {
  @Test
  void theLibraryItselfTellsTheVersionThatTheBridgeWasBuiltFor() {
    assertThat(Engine.getInstance().getEngineName()).isEqualTo("PyTorch");
    assertThat(LibtorchVersion.ask()).contains(Devices.LIBTORCH);
  }
}
