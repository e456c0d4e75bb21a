package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.run.Checkpoint;
import mmct.api.run.RunFolder;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluation;
import mmct.api.spi.Evaluator;
import mmct.api.training.Toys.Judge;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever happens in an evaluation, what was trained is kept.
class FailedEvaluationsTest {
  private static final String[] SETTINGS = {
    "evaluate.run.near.type=nearest", "evaluate.run.bad.type=bad", "checkpoints.keep=100"
  };

  @TempDir Path temp;

  private RunOf run(String name, Evaluator bad, String... more) {
    return new RunOf(
        temp.resolve(name),
        TrainingTest.YAML,
        Stream.concat(Stream.of(SETTINGS), Stream.of(more)).toList(),
        Toys.with(new Judge("bad", bad)));
  }

  private static Evaluation figure(double value) {
    return new Evaluation(Map.of("value", value), Map.of());
  }

  static List<Supplier<Throwable>> failures() {
    return List.of(
        () -> new IllegalStateException("out of\n  luck"),
        () -> new MmctException("the split has no classes"),
        () -> new NoClassDefFoundError("org/example/Missing"),
        () -> new OutOfMemoryError("Java heap space"),
        () -> new AssertionError("never"),
        () -> new java.util.concurrent.CancellationException("of its own accord"));
  }

  private static Evaluator failing(Supplier<Throwable> failure) {
    return context -> {
      FailedEvaluationsTest.<RuntimeException>raise(failure.get());
      return Optional.empty();
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void raise(Throwable failure) throws T {
    throw (T) failure;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsAWarningWithALineInTheMetrics(Supplier<Throwable> failure) {
    RunOf run = run("failing", failing(failure));
    RunOf.Heard heard = new RunOf.Heard();
    Outcome outcome = run.train(heard);

    assertThat(outcome.status()).isEqualTo("finished");
    assertThat(outcome.steps()).isEqualTo(15);
    assertThat(outcome.figures()).containsOnlyKeys("near.share");
    String reason =
        failure.get() instanceof MmctException told
            ? told.getMessage()
            : failure.get().toString().replace("\n  ", " ");
    assertThat(outcome.failures()).containsExactly("the evaluation 'bad' failed: " + reason);
    assertThat(heard.notes)
        .contains(
            "warning: the evaluation 'bad' failed: %s; the run goes on, and the checkpoint of step 5 is written"
                .formatted(reason));
    List<JsonNode> lines = run.metrics().stream().filter(line -> line.has("failed")).toList();
    assertThat(lines).extracting(line -> line.get("step").intValue()).containsExactly(5, 10, 15);
    assertThat(lines.getFirst().get("failed").textValue()).isEqualTo(reason);
    assertThat(lines.getFirst().get("provider").textValue()).isEqualTo("bad");
    assertThat(lines.getFirst().get("class").textValue()).isEqualTo(Toys.Judge.class.getName());
    assertThat(lines.getFirst().get("file").textValue()).isNotEmpty();
    assertThat(run.record().get("status").textValue()).isEqualTo("finished");
    assertThat(run.record().at("/failures/0").textValue()).contains("'bad' failed");
  }

  @Test
  void theCheckpointIsThereBeforeTheEncodersAreJudged() {
    List<List<String>> seen = new ArrayList<>();
    AtomicReference<RunOf> run = new AtomicReference<>();
    run.set(
        run(
            "before",
            context -> {
              seen.add(run.get().checkpoints());
              return Optional.of(figure(1));
            },
            "checkpoints.everySteps=1000"));
    run.get().train();
    assertThat(seen).hasSize(3);
    assertThat(seen.get(0)).containsExactly("step-000000005.safetensors");
    assertThat(seen.get(1)).contains("step-000000010.safetensors");
    assertThat(seen.get(2)).contains("step-000000015.safetensors");
  }

  @Test
  void aFailureChangesNeitherTheWeightsNorWhichCheckpointIsBest() {
    AtomicInteger calls = new AtomicInteger();
    double[] script = {0.5, 0.75, 0.25};
    Evaluator scripted = context -> Optional.of(figure(script[calls.getAndIncrement() % 3]));
    Catalogue providers =
        Toys.with(
            new Judge("good", scripted),
            new Judge("bad", failing(() -> new IllegalStateException("no"))));
    String[] best = {"evaluate.run.s.type=good", "checkpoints.best=s.value", "checkpoints.keep=1"};
    RunOf failing = run("failing", scripted, best).with(providers);
    Outcome outcome = failing.train();
    assertThat(outcome.figures()).containsEntry("s.value", 0.25);
    assertThat(failing.checkpoints())
        .containsExactly("best.safetensors", "step-000000015.safetensors");
    try (Checkpoint kept = RunFolder.reading(failing.folder()).checkpoints().best().orElseThrow()) {
      assertThat(kept.step()).isEqualTo(10);
      assertThat(kept.metadata()).containsEntry("best", "0.75").containsEntry("best_step", "10");
      assertThat(kept.metadata()).doesNotContainKey("unjudged");
    }
    Outcome without = run("without", scripted, "evaluate.run=null").train();
    assertThat(outcome.weightsSha256()).isEqualTo(without.weightsSha256());
  }

  @Test
  void whatCannotBeWrittenOfAnEvaluationIsAFailureToo() {
    Map<String, Object> protocol = Map.of("odd", new Object() {});
    RunOf run = run("odd", context -> Optional.of(new Evaluation(Map.of("value", 1.0), protocol)));
    assertThat(run.train().failures()).hasSize(1);
    assertThat(run.metrics().stream().filter(line -> line.has("failed"))).hasSize(3);
  }

  @Test
  void aRunWhoseLastEvaluationFailedTriesAgainWhenItGoesOn() {
    AtomicInteger calls = new AtomicInteger();
    RunOf run =
        run(
            "again",
            context -> {
              if (calls.incrementAndGet() < 4) {
                throw new IllegalStateException("not yet");
              }
              return Optional.of(figure(7));
            });
    Outcome failed = run.train();
    assertThat(failed.failures()).hasSize(1);
    Outcome again = run.resume();
    assertThat(again.failures()).isEmpty();
    assertThat(again.status()).isEqualTo("finished");
    assertThat(again.figures()).containsEntry("bad.value", 7.0).containsKey("near.share");
    assertThat(again.weightsSha256()).isEqualTo(failed.weightsSha256());
    List<JsonNode> last =
        run.metrics().stream()
            .filter(line -> line.has("evaluation") && line.get("step").intValue() == 15)
            .toList();
    assertThat(last).hasSize(2).noneMatch(line -> line.has("failed"));
    assertThat(run.resume()).isEqualTo(again);
    assertThat(calls).as("what was judged is not judged again").hasValue(4);
  }

  /// What lies in the folder while the encoders are judged is what a killed process leaves.
  @Test
  void aRunKilledWhileItWasJudgedEndsLikeOneThatWasLeftAlone() {
    RunOf straight =
        run("straight", context -> Optional.of(figure(1)), "checkpoints.best=near.share");
    Outcome expected = straight.train();

    AtomicReference<RunOf> run = new AtomicReference<>();
    AtomicInteger calls = new AtomicInteger();
    Path killed = temp.resolve("killed");
    run.set(
        run(
            "running",
            context -> {
              if (calls.incrementAndGet() == 2) {
                copy(run.get().folder(), killed);
              }
              return Optional.of(figure(1));
            },
            "checkpoints.best=near.share"));
    run.get().train();
    RunOf resumed = run("killed", context -> Optional.of(figure(1)), "checkpoints.best=near.share");
    assertThat(resumed.checkpoints()).contains("step-000000010.safetensors");
    assertThat(resumed.resume()).isEqualTo(expected);
    assertThat(resumed.timelessMetrics()).isEqualTo(straight.timelessMetrics());
    assertThat(resumed.checkpoints()).isEqualTo(straight.checkpoints());
    assertThat(resumed.folder().resolve("checkpoints/best.safetensors"))
        .hasSameBinaryContentAs(straight.folder().resolve("checkpoints/best.safetensors"));
  }

  @Test
  void aRunStoppedWhileItWasJudgedEndsLikeOneThatWasLeftAlone() {
    RunOf straight = run("straight", context -> Optional.of(figure(1)));
    Outcome expected = straight.train();
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<Training> training = new AtomicReference<>();
    RunOf run =
        run(
            "stopped",
            context -> {
              if (calls.incrementAndGet() == 2) {
                training.get().requestStop();
                context.progress("a line");
              }
              return Optional.of(figure(1));
            });
    try (Training prepared = run.prepare(false, new RunOf.Heard())) {
      training.set(prepared);
      Outcome stopped = prepared.run();
      assertThat(stopped.status()).isEqualTo("stopped");
      assertThat(stopped.steps()).isEqualTo(10);
      assertThat(stopped.failures()).isEmpty();
    }
    assertThat(run.resume()).isEqualTo(expected);
    assertThat(run.timelessMetrics()).isEqualTo(straight.timelessMetrics());
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
