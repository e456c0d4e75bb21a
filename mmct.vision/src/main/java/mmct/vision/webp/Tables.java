package mmct.vision.webp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/// The large tables of RFC 6386, from `vp8.txt`; none is ever changed.
///
/// @param coefficients probabilities at the start: `[4, 8, 3, 11]`, one after the other
/// @param updates probabilities that those are replaced, alike
/// @param subblockModes probabilities of modes by those above and to the left: `[10, 10, 9]`
/// @param firstSteps of the first coefficient by quantiser: `[128]`
/// @param otherSteps of the others: `[128]`
record Tables(
    int[] coefficients, int[] updates, int[] subblockModes, int[] firstSteps, int[] otherSteps) {
  private static final int PROBABILITIES = 4 * 8 * 3 * 11;
  private static final int MODES = 10 * 10 * 9;
  private static final int STEPS = 128;

  static Tables load() {
    try (InputStream in =
        Objects.requireNonNull(Tables.class.getResourceAsStream("vp8.txt"), "vp8.txt")) {
      String numbers =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.joining(" "));
      int[] all = Arrays.stream(numbers.split(" ")).mapToInt(Integer::parseInt).toArray();
      int modes = 2 * PROBABILITIES;
      int steps = modes + MODES;
      return new Tables(
          Arrays.copyOf(all, PROBABILITIES),
          Arrays.copyOfRange(all, PROBABILITIES, modes),
          Arrays.copyOfRange(all, modes, steps),
          Arrays.copyOfRange(all, steps, steps + STEPS),
          Arrays.copyOfRange(all, steps + STEPS, steps + 2 * STEPS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
