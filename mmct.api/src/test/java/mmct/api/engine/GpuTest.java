package mmct.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class GpuTest {
  private final boolean there = Engine.getInstance().hasCapability(StandardCapabilities.CUDA);

  @Test
  void theProcessorIsNoGpu() {
    assertThat(Gpu.usedBytes(Device.cpu())).isEmpty();
    assertThat(Gpu.computeCapability(Device.cpu())).isEmpty();
  }

  @Test
  void aGpuTellsItsMemoryWhereThereIsOne() {
    assertThat(Gpu.usedBytes(Device.gpu()).isPresent()).isEqualTo(there);
    assertThat(Gpu.usedBytes(Device.gpu()).orElse(1)).isPositive();
  }

  @Test
  void aGpuTellsItsCapabilityWhereThereIsOne() {
    assertThat(Gpu.computeCapability(Device.gpu()).isPresent()).isEqualTo(there);
    assertThat(Gpu.computeCapability(Device.gpu()).orElse(50)).isGreaterThanOrEqualTo(50);
  }

  @Test
  void memoryIsLockedForAGpuOnly() {
    ByteBuffer memory = ByteBuffer.allocateDirect(1 << 20);
    assertThat(Gpu.lockPages(Device.cpu(), memory)).isFalse();
    boolean locked = Gpu.lockPages(Device.gpu(), memory);
    assertThat(locked).isEqualTo(there);
    if (locked) {
      assertThat(Gpu.lockPages(Device.gpu(), memory)).as("locked twice").isFalse();
      Gpu.unlockPages(Device.gpu(), memory);
      assertThat(Gpu.lockPages(Device.gpu(), memory)).as("locked again").isTrue();
      Gpu.unlockPages(Device.gpu(), memory);
    }
  }
}
