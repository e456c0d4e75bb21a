package mmct.cli.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mmct.cli.reliability.Tasks.Kind;
import mmct.eval.verify.Finding;
import mmct.eval.verify.Verification;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bit of any file of a run, or of features, is flipped, and `verify` notices; the files of which
/// it does not say that they are intact are those that carry no checksum.
class BitFlipsTest {
  /// How many bits are flipped, spread over all files.
  private static final int FLIPS = Integer.getInteger("mmct.reliability.flips", 300);

  private static final long SEED = Long.getLong("mmct.reliability.seed", 1);

  /// Lines that grow while a run goes on, and checksums themselves.
  private static final Predicate<String> UNPROVEN =
      Pattern.compile("(metrics|starts)\\.jsonl|(.*/)?SHA256SUMS|.*\\.sha256").asMatchPredicate();

  @TempDir private static Path temp;
  private static Path run;

  @BeforeAll
  static void train() {
    Tasks tasks = Tasks.in(temp);
    run = tasks.finished();
    tasks.task(Kind.EVALUATE).run(run);
    tasks.task(Kind.EMBED).run(run.resolve("features"));
  }

  private static Set<String> named(Finding.State state) {
    return Verification.of(run).stream()
        .filter(finding -> finding.state() == state)
        .map(finding -> run.relativize(finding.file()).toString())
        .collect(Collectors.toSet());
  }

  @Test
  void everythingIsIntactOrKnownToBeUnproven() {
    assertThat(named(Finding.State.DAMAGED)).isEmpty();
    assertThat(named(Finding.State.UNPROVEN)).allMatch(UNPROVEN);
    assertThat(named(Finding.State.INTACT))
        .contains("config.yaml", "run.json", "encoders/caption.onnx", "features/features.npy");
  }

  @Test
  void aFlippedBitOfAnyFileThatCarriesAChecksumIsNoticed() throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Path> files = new ArrayList<>(Contents.files(run));
    files.removeIf(file -> file.getFileName().toString().endsWith(".jsonl"));
    files.removeIf(file -> file.getFileName().toString().equals(".lock"));
    List<String> wrong = new ArrayList<>();
    for (int flip = 0; flip < FLIPS; flip++) {
      Path file = files.get(flip % files.size());
      byte[] whole = Files.readAllBytes(file);
      byte[] flipped = whole.clone();
      // Every second in the first hundred bytes, where formats say what they are.
      int at = random.nextInt(flip % 2 == 0 ? whole.length : Math.min(whole.length, 100));
      int bit = random.nextInt(8);
      flipped[at] ^= (byte) (1 << bit);
      Files.write(file, flipped);
      // What else is damaged by it does not matter: a line of checksums speaks of another file.
      if (named(Finding.State.DAMAGED).isEmpty()) {
        wrong.add("bit %d of byte %d of %s".formatted(bit, at, run.relativize(file)));
      }
      Files.write(file, whole);
    }
    Tally.write("flipped bits", FLIPS, wrong);
    assertThat(new HashSet<>(wrong)).isEmpty();
    assertThat(named(Finding.State.DAMAGED)).isEmpty();
  }
}
