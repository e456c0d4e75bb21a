package mmct.cli.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mmct.api.MmctException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a file holds, its reader reads it or says in a sentence what is wrong with it: no other
/// exception, no input that takes seconds.
class MutationsTest {
  /// How many inputs all readers get together.
  private static final int MUTATIONS = Integer.getInteger("mmct.reliability.mutations", 40_000);

  private static final long SEED = Long.getLong("mmct.reliability.seed", 1);
  private static final long SECONDS = 5;

  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  @TempDir private static Path temp;

  /// By thread, since readers want files of their own.
  private static List<List<Reader>> readers;

  @BeforeAll
  static void train() {
    Tasks tasks = Tasks.in(temp);
    readers =
        IntStream.range(0, THREADS)
            .mapToObj(i -> new Readers(temp.resolve("" + i), tasks.finished(), tasks.catalogue()))
            .map(Readers::all)
            .toList();
  }

  static IntStream indices() {
    return IntStream.range(0, readers.getFirst().size());
  }

  @ParameterizedTest
  @MethodSource("indices")
  @Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aMutatedInputIsReadOrRefusedInASentence(int index) throws IOException {
    Reader first = readers.getFirst().get(index);
    assertThat(first.seeds()).as("inputs that are right").isNotEmpty();
    for (byte[] seed : first.seeds()) {
      first.door().read(seed);
    }
    int all = readers.getFirst().stream().mapToInt(Reader::share).sum();
    int count = (int) ((long) MUTATIONS * first.share() / all / THREADS);
    List<String> wrong =
        IntStream.range(0, THREADS)
            .parallel()
            .mapToObj(thread -> wrong(readers.get(thread).get(index), SEED * 1000 + thread, count))
            .flatMap(List::stream)
            .toList();
    Tally.write("mutations: " + first.name(), (long) count * THREADS, wrong);
    assertThat(wrong.stream().map(MutationsTest::kind).distinct())
        .as("%s; the inputs are in target/mutations".formatted(first.name()))
        .isEmpty();
  }

  private static List<String> wrong(Reader reader, long seed, int count) {
    Mutator mutator = new Mutator(seed, reader.seeds(), reader.words());
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      byte[] input = mutator.next();
      String problem = problem(reader, input);
      if (!problem.isEmpty()) {
        wrong.add(problem);
        if (seen.add(kind(problem))) {
          keep("%s-%d-%d".formatted(reader.name().replaceAll("\\W", "-"), seed, i), input);
        }
      }
    }
    return wrong;
  }

  /// Inputs of one fault differ in numbers only.
  private static String kind(String problem) {
    return problem.replaceAll("\\d+", "0");
  }

  private static void keep(String name, byte... input) {
    try {
      Files.write(Files.createDirectories(Path.of("target", "mutations")).resolve(name), input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is wrong with how an input was read; empty where nothing is.
  private static String problem(Reader reader, byte... input) {
    long start = System.nanoTime();
    String problem = "";
    try {
      reader.door().read(input);
    } catch (MmctException told) {
      String sentence = String.valueOf(told.getMessage());
      if (sentence.isBlank() || sentence.equals("null")) {
        problem = "a failure without a sentence";
      }
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
      problem = e + Stream.of(e.getStackTrace()).findFirst().map(at -> " at " + at).orElse("");
    }
    long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    return took >= SECONDS ? "it took %d s, and %s".formatted(took, problem) : problem;
  }
}
