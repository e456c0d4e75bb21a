package mmct.api.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
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
  void batchHoldsChannelsFirstOrLast() {
    HostArray.Bytes first = random(3, 35, 41, 1);
    HostArray.Bytes second = random(3, 35, 41, 2);
    List<View> views = List.of(new View(List.of(first)), new View(List.of(second)));

    HostTensor planes = HostTensor.stack(views, 0);
    HostTensor places = HostTensor.stack(views, 0, HostArray.Layout.CHANNELS_LAST);
    assertThat(planes.shape()).isEqualTo(new Shape(2, 3, 35, 41));
    assertThat(places.shape()).isEqualTo(new Shape(2, 35, 41, 3));
    FloatBuffer apart = planes.data().asFloatBuffer();
    FloatBuffer together = places.data().asFloatBuffer();
    for (int row = 0; row < 2; row++) {
      float[] expected = (row == 0 ? first : second).toFloats();
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 35 * 41; i++) {
          float value = expected[c * 35 * 41 + i];
          assertThat(apart.get(row * expected.length + c * 35 * 41 + i)).isEqualTo(value);
          assertThat(together.get(row * expected.length + 3 * i + c)).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void otherArraysHaveNoChannels() {
    List<View> views = List.of(View.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));

    HostTensor tensor = HostTensor.stack(views, 0, HostArray.Layout.CHANNELS_LAST);
    assertThat(tensor.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(tensor.data().asFloatBuffer().get(1)).isEqualTo(2);
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
