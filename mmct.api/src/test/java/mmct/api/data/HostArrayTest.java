package mmct.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Bytes that become floats in a batch.
class HostArrayTest {
  private static final float[] FACTOR = {2, 0.5f, -1};
  private static final float[] OFFSET = {1, 0, 100};

  @Test
  void bytesAreUnsignedAndScaledByChannel() {
    HostArray.Bytes bytes =
        new HostArray.Bytes(new byte[] {0, (byte) 255, 10, 20, 3, 4}, FACTOR, OFFSET, 3, 2);

    assertThat(bytes.toFloats()).containsExactly(1, 511, 5, 10, 97, 96);
    assertThat(bytes.type()).isEqualTo(DataType.FLOAT32);
  }

  @Test
  void batchHoldsOneChannelAfterTheOther() {
    HostArray.Bytes first = random(3, 35, 41, 1);
    HostArray.Bytes second = random(3, 35, 41, 2);
    List<View> views = List.of(new View(List.of(first)), new View(List.of(second)));

    HostTensor planes = HostTensor.stack(views, 0);
    assertThat(planes.shape()).isEqualTo(new Shape(2, 3, 35, 41));
    FloatBuffer apart = planes.data().asFloatBuffer();
    for (int row = 0; row < 2; row++) {
      float[] expected = (row == 0 ? first : second).toFloats();
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 35 * 41; i++) {
          float value = expected[c * 35 * 41 + i];
          assertThat(apart.get(row * expected.length + c * 35 * 41 + i)).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void forAGpuBytesStayBytesUntilTheyAreOnTheDevice() {
    // Products and sums of these are rounded, so that it shows where one is rounded otherwise.
    float[] factor = {1 / (255 * 0.229f), 1 / (255 * 0.224f), 1 / (255 * 0.225f)};
    float[] offset = {-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f};
    List<View> views =
        Stream.of(1, 2)
            .map(seed -> random(3, 35, 41, seed).values())
            .map(values -> new HostArray.Bytes(values, factor, offset, 3, 35, 41))
            .map(array -> new View(List.of(array)))
            .toList();

    HostTensor bytes = forGpu(views);
    assertThat(bytes.type()).isEqualTo(DataType.UINT8);
    assertThat(bytes.shape()).isEqualTo(new Shape(2, 3, 35, 41));
    assertThat(bytes.data().remaining()).isEqualTo(2 * 3 * 35 * 41);
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      NDArray there = bytes.toArray(manager);
      NDArray before = HostTensor.stack(views, 0).toArray(manager);
      assertThat(there.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(there.getShape()).isEqualTo(before.getShape());
      assertThat(there.toFloatArray()).containsExactly(before.toFloatArray());
      assertThat(manager.getManagedArrays()).containsExactlyInAnyOrder(there, before);
    }
  }

  @Test
  void forAGpuWhatIsNotScaledAlikeIsScaledBefore() {
    HostArray.Bytes one = random(3, 2, 2, 1);
    HostArray.Bytes other =
        new HostArray.Bytes(one.values(), FACTOR, new float[] {1, 1, 1}, 3, 2, 2);
    HostTensor mixed = forGpu(List.of(new View(List.of(one)), new View(List.of(other))));
    assertThat(mixed.type()).isEqualTo(DataType.FLOAT32);
    assertThat(mixed.data().asFloatBuffer().get(12)).isEqualTo(other.toFloats()[0]);

    HostTensor floats = forGpu(List.of(View.of(new float[] {1, 2}, 2)));
    assertThat(floats.type()).isEqualTo(DataType.FLOAT32);
  }

  private static HostTensor forGpu(List<View> views) {
    return HostMemory.forGpu(memory -> false, memory -> {}).use(() -> HostTensor.stack(views, 0));
  }

  @Test
  void everyChannelHasItsNumbers() {
    assertThatThrownBy(() -> new HostArray.Bytes(new byte[4], FACTOR, OFFSET, 2, 2))
        .hasMessage("3 factors and 3 offsets are not one per channel of [2, 2]");
    assertThatThrownBy(() -> new HostArray.Bytes(new byte[5], FACTOR, OFFSET, 3, 2))
        .hasMessage("shape [3, 2] holds 6 values but 5 were given");
  }

  private static HostArray.Bytes random(int channels, int height, int width, long seed) {
    byte[] values = new byte[channels * height * width];
    new Random(seed).nextBytes(values);
    return new HostArray.Bytes(values, FACTOR, OFFSET, channels, height, width);
  }
}
