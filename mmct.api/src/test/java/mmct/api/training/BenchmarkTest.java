package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.graph.StepClock.Phase;
import mmct.api.training.Sweep.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkTest {
  private static final Settings SETTINGS = YamlReader.read(TrainingTest.YAML, "toy.yaml");

  private static Benchmark.Plan plan(int rounds, String... sweeps) {
    return new Benchmark.Plan("toy", "cpu", 1, 3, rounds, List.of(sweeps));
  }

  private static BenchmarkResult measure(int rounds, String... sweeps) {
    return new Benchmark(SETTINGS, Toys.catalogue(), plan(rounds, sweeps)).run(line -> {});
  }

  private static JsonNode json(BenchmarkResult result) throws IOException {
    return new ObjectMapper().readTree(result.json(List.of("bench", "toy")));
  }

  private static List<String> labels(JsonNode json) {
    return StreamSupport.stream(json.get("points").spliterator(), false)
        .map(point -> point.get("label").asText())
        .toList();
  }

  @Test
  void everyMomentOfAStepBelongsToOnePhase() throws IOException {
    JsonNode point = json(measure(2)).get("points").get(0);

    double sum = 0;
    for (Phase phase : Phase.values()) {
      double share = point.get("shares").get(BenchmarkPoint.word(phase)).asDouble();
      assertThat(share).as(phase.name()).isBetween(0.0, 1.0);
      sum += share;
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
    for (Phase busy : List.of(Phase.KEYS, Phase.QUERIES, Phase.LOSSES, Phase.BACKWARD)) {
      assertThat(point.get("ms_per_step").get(BenchmarkPoint.word(busy)).asDouble()).isPositive();
    }
  }

  @Test
  void theFileSaysWhatWasMeasuredAndOnWhat() throws IOException {
    JsonNode json = json(measure(2));

    assertThat(json.get("command").get(0).asText()).isEqualTo("bench");
    assertThat(json.get("machine").get("cores").asInt()).isPositive();
    assertThat(json.get("versions").get("pytorch").asText()).isNotEmpty();
    assertThat(json.get("precision").asText()).isEqualTo("float32");
    assertThat(json.get("configuration").get("batch").asInt()).isEqualTo(8);
    JsonNode point = json.get("points").get(0);
    assertThat(point.get("samples").asInt()).isEqualTo(2 * 3 * 8);
    assertThat(point.get("cost_per_sample").asDouble()).isEqualTo(1);
    JsonNode rate = point.get("samples_per_s");
    assertThat(rate.get("rounds")).hasSize(2);
    assertThat(rate.get("median").asDouble())
        .isBetween(rate.get("least").asDouble(), rate.get("most").asDouble());
  }

  @Test
  void roundsGoOverAllConfigurationsInTurnAndMeasureEachOnce() throws IOException {
    List<String> heard = new ArrayList<>();
    BenchmarkResult result =
        new Benchmark(SETTINGS, Toys.catalogue(), plan(2, "batch=4,8", "queue=32")).run(heard::add);

    assertThat(heard)
        .containsExactly(
            "round 1 of 2: configured",
            "round 1 of 2: batch 4",
            "round 1 of 2: queue 32",
            "round 2 of 2: configured",
            "round 2 of 2: batch 4",
            "round 2 of 2: queue 32");
    assertThat(labels(json(result)))
        .containsExactly("configured", "batch 4", "batch 8", "queue 32");
    assertThat(String.join("\n", result.lines()))
        .contains("configured", "batch 4", "batch 8", "queue 32", "x 1.00");
  }

  @Test
  void aVariantThatCannotBeTrainedIsToldAndTheOthersAreMeasured() throws IOException {
    JsonNode points = json(measure(1, "batch=80,4")).get("points");

    assertThat(points.get(1).get("refused").asText()).contains("batch must be at most 40");
    assertThat(points.get(2).get("samples_per_s").get("median").asDouble()).isPositive();
  }

  @ParameterizedTest(name = "--sweep {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bach=4,8           | bach is not a known key (--sweep bach); did you mean batch?
          batch=0,1          | batch must be at least 2 but was 0
          batch=             | --sweep batch= must be followed by values
          colours            | --sweep must be batch, queue, sizes, modalities, all
          momentum           | but was 'momentum', which is 0.9
          """)
  void aMistakeInASweepIsToldBeforeAnythingIsMeasured(String sweep, String sentence) {
    assertThatThrownBy(() -> new Benchmark(SETTINGS, Toys.catalogue(), plan(1, sweep)))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void aConfigurationThatCannotBeTrainedEndsTheBenchmark() {
    Settings large = Settings.assignment("batch=80").over(SETTINGS);

    assertThatThrownBy(() -> new Benchmark(large, Toys.catalogue(), plan(1)).run(line -> {}))
        .hasMessageContaining("batch must be at most 40");
  }

  @Test
  void fewerModalitiesAreTheFirstOnesWithTheObjectivesThatTheyCanServe() {
    List<Variant> variants = sweep("modalities").variants();

    assertThat(variants)
        .extracting(Variant::label)
        .containsExactly("modalities 1: a", "modalities 2: a, b", "modalities 3: a, b, m");
    assertThat(objectives(variants.get(0))).containsExactly("aa");
    assertThat(objectives(variants.get(1))).containsExactly("aa", "ab", "ba");
    assertThat(objectives(variants.get(2))).containsExactly("aa", "near", "ab", "ba");
  }

  private static Sweep sweep(String word) {
    Resolution resolution =
        new Resolution(Defaults.fill(SETTINGS, Toys.catalogue()), Toys.catalogue());
    return Sweep.of(word, resolution).getFirst();
  }

  private static List<String> objectives(Variant variant) {
    Settings settings = SETTINGS;
    for (Settings change : variant.changes()) {
      settings = change.over(settings);
    }
    return List.copyOf(settings.child("objectives").keys());
  }

  @Test
  void aWholeNumberIsHalvedAndDoubledAndAQueueGrowsFaster() {
    assertThat(sweep("modalities.a.width").variants())
        .extracting(Variant::label)
        .containsExactly("modalities.a.width 4", "modalities.a.width 8", "modalities.a.width 16");
    assertThat(sweep("queue").variants())
        .extracting(Variant::label)
        .containsExactly("queue 4", "queue 16", "queue 64");
  }

  @Test
  void whatInterruptsAPhaseIsNotCountedToIt() {
    List<Phase> left = new ArrayList<>();
    Stopwatch stopwatch = new Stopwatch(() -> {});
    long start = System.nanoTime();
    stopwatch.start();
    stopwatch.enter(Phase.KEYS);
    Phase before = stopwatch.enter(Phase.TRANSFER);
    spin(20_000_000);
    left.add(before);
    left.add(stopwatch.enter(before));
    stopwatch.stop();
    long elapsed = System.nanoTime() - start;

    assertThat(left).containsExactly(Phase.KEYS, Phase.TRANSFER);
    assertThat(time(stopwatch, Phase.TRANSFER)).isGreaterThanOrEqualTo(20_000_000);
    assertThat(stopwatch.nanos().values().stream().mapToLong(Long::longValue).sum())
        .isLessThanOrEqualTo(elapsed);
    assertThat(time(stopwatch, Phase.KEYS)).isLessThanOrEqualTo(elapsed - 20_000_000);
  }

  @Test
  void theDeviceIsWaitedForAtEveryBoundary() {
    List<String> waits = new ArrayList<>();
    Stopwatch stopwatch = new Stopwatch(() -> waits.add("wait"));
    stopwatch.start();
    stopwatch.enter(Phase.KEYS);
    stopwatch.stop();

    assertThat(waits).hasSize(3);
  }

  private static long time(Stopwatch stopwatch, Phase phase) {
    return Objects.requireNonNullElse(stopwatch.nanos().get(phase), 0L);
  }

  private static void spin(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }
}
