package mmct.eval.encode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingOptionsTest {
  @ParameterizedTest(
      name = "{0} threads and {1} workers asked for, {2} cores, on a card {3}: {4} read")
  @CsvSource({
    "0, 0, 8, false, 8",
    "6, 0, 8, false, 2",
    "8, 0, 8, false, 8",
    "9, 0, 8, false, 8",
    "6, 5, 8, false, 5",
    "6, 0, 8, true, 8",
  })
  void coresThatDoNotEncodeRead(int threads, int workers, int cores, boolean onGpu, int readers) {
    EncodingOptions options =
        new EncodingOptions(EncodingOptions.Device.AUTO, threads, workers, 64);
    assertThat(options.readers(cores, onGpu)).isEqualTo(readers);
  }
}
