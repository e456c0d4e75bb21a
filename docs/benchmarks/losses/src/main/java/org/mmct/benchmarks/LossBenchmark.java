package org.mmct.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import mmct.api.config.Settings;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossProvider;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// What an objective costs at 256 rows, 65,536 queue rows and width 128: one forward and backward
/// pass, beside InfoNCE as 1.0.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LossBenchmark {
  private static final String REFERENCE = "info-nce";
  private static final int ROWS = 256;
  private static final int QUEUE = 65_536;

  /// The loss by its name in a configuration; the program sets it to all there are.
  @Param(REFERENCE)
  public String loss = REFERENCE;

  private NDManager manager;
  private Loss measured;
  private RandomInput random;
  private long before;

  /// The most memory beyond what the input takes.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Memory {
    /// In MiB.
    public double peak;
  }

  /// Makes the input.
  @Setup(Level.Trial)
  public void create() {
    manager = NDManager.newBaseManager();
    measured = create(Catalogue.load().loss(loss));
    // What the libraries take for themselves, once and for all, is not the objective's.
    pass(new RandomInput(measured.needs(), 8, 64, manager));
    random = new RandomInput(measured.needs(), ROWS, QUEUE, manager);
    before = PeakMemory.reset();
  }

  private static <O extends Record> Loss create(LossProvider<O> provider) {
    return provider.create(Settings.empty().bind(provider.options()));
  }

  /// One forward and backward pass.
  @Benchmark
  public float forwardAndBackward(Memory memory) {
    float value = pass(random);
    memory.peak = (PeakMemory.bytes() - before) / (1024.0 * 1024.0);
    return value;
  }

  private float pass(RandomInput given) {
    try (NDManager step = manager.newSubManager();
        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      LossInput input = given.leaves(step);
      NDArray value = measured.evaluate(input).value();
      NDArray mean = value.getShape().dimension() == 0 ? value : value.mean();
      gradients.backward(mean);
      return mean.getFloat();
    }
  }

  /// Frees the input.
  @TearDown(Level.Trial)
  public void close() {
    manager.close();
  }

  /// Measures all losses, or those named, and prints a table.
  public static void main(String[] names) throws RunnerException {
    TreeSet<String> losses = new TreeSet<>(List.of(names));
    if (losses.isEmpty()) {
      Catalogue.load().all().get("loss").forEach(provider -> losses.add(provider.name()));
    }
    losses.add(REFERENCE);
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(LossBenchmark.class.getSimpleName())
                    .param("loss", losses.toArray(String[]::new))
                    .build())
            .run();
    print(results);
  }

  private static void print(Collection<RunResult> results) {
    Map<String, double[]> costs = new LinkedHashMap<>();
    for (RunResult result : results) {
      costs.put(
          result.getParams().getParam("loss"),
          new double[] {
            result.getPrimaryResult().getScore(),
            // Its score is the sum over the iterations.
            result.getSecondaryResults().get("peak").getStatistics().getMax()
          });
    }
    double[] one = costs.get(REFERENCE);
    System.out.println("\n| loss | time | memory | ms | MiB |\n|---|---|---|---|---|");
    costs.forEach(
        (name, cost) ->
            System.out.printf(
                "| `%s` | %s | %s | %.1f | %.0f |%n",
                name, ratio(cost[0], one[0]), ratio(cost[1], one[1]), cost[0], cost[1]));
    System.out.println(
        "\n%s, Java %s, %d processors"
            .formatted(
                System.getProperty("os.arch"),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors()));
  }

  private static String ratio(double cost, double one) {
    return (cost < one / 10 ? "%.3f" : "%.2f").formatted(cost / one);
  }
}
