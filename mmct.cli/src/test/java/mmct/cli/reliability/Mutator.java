package mmct.cli.reliability;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Changes inputs as damage and mistakes do: bits, bytes, parts that are missing, repeated or come
/// from elsewhere, and words that mean something to the reader.
final class Mutator {
  private static final byte[] ODD = {0, -1, 127, -128, 1, '"', '\n', '{', '[', ','};

  private final SplittableRandom random;
  private final List<byte[]> seeds;
  private final List<byte[]> words;

  Mutator(long seed, List<byte[]> seeds, List<String> words) {
    random = new SplittableRandom(seed);
    this.seeds = seeds;
    this.words = words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /// Another input: one to four changes of one of those that are right.
  byte[] next() {
    byte[] input = seeds.get(random.nextInt(seeds.size()));
    for (int i = 1 + random.nextInt(4); i > 0 && input.length > 0; i--) {
      input = changed(input);
    }
    return input;
  }

  private byte[] changed(byte... input) {
    int at = random.nextInt(input.length);
    int some = Math.min(input.length - at, 1 + random.nextInt(32));
    return switch (random.nextInt(words.isEmpty() ? 8 : 10)) {
      case 0, 1 -> with(input, at, (byte) (input[at] ^ 1 << random.nextInt(8)));
      case 2 -> with(input, at, ODD[random.nextInt(ODD.length)]);
      case 3 -> Arrays.copyOf(input, at + 1);
      case 4 -> spliced(input, at, at + some);
      case 5 -> repeated(input, at, at + some, random.nextInt(8) == 0 ? 200 : 1);
      case 6 -> {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length);
        yield spliced(input, at, input.length, Arrays.copyOfRange(other, from, other.length));
      }
      case 7 -> {
        byte[] noise = new byte[Math.min(some, 4)];
        random.nextBytes(noise);
        yield spliced(input, at, at + noise.length, noise);
      }
      default -> {
        byte[] word = words.get(random.nextInt(words.size()));
        int over = random.nextBoolean() ? Math.min(word.length, input.length - at) : 0;
        yield spliced(input, at, at + over, word);
      }
    };
  }

  private static byte[] with(byte[] input, int at, byte value) {
    byte[] changed = input.clone();
    changed[at] = value;
    return changed;
  }

  /// The input with something else in the place of a part.
  private static byte[] spliced(byte[] input, int from, int to, byte... instead) {
    byte[] changed = Arrays.copyOf(input, input.length - (to - from) + instead.length);
    System.arraycopy(instead, 0, changed, from, instead.length);
    System.arraycopy(input, to, changed, from + instead.length, input.length - to);
    return changed;
  }

  private static byte[] repeated(byte[] input, int from, int to, int times) {
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(input, 0, to);
    for (int i = 0; i < times; i++) {
      changed.write(input, from, to - from);
    }
    changed.write(input, to, input.length - to);
    return changed.toByteArray();
  }
}
