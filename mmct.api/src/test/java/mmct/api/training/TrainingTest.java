package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.run.Checkpoint;
import mmct.api.run.RunFolder;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs over generated data.
class TrainingTest {
  static final String YAML =
      """
      modalities:
        a: { type: vectors, dropout: 0.2, lr: 0.05 }
        b: { type: vectors, width: 7 }
        m: { type: vectors, width: 0 }
      spaces:
        self: { width: 4, hidden: 6 }
        common: { width: 5, hidden: 0 }
      objectives:
        aa: { loss: attraction, query: a, key: a, space: self }
        near: { loss: attraction, query: a, key: a, space: self, weight: 0.5, positives: { type: shared, of: m } }
        ab: { loss: attraction, query: a, key: b, space: common, scale: 8 }
        ba: { loss: attraction, query: b, key: a, space: common, inBatchNegatives: true }
      queue: 16
      momentum: 0.9
      batch: 8
      epochs: 3
      seed: 11
      optimizer: { type: adamw, lr: 0.02 }
      schedule: { type: cosine, warmupSteps: 4 }
      data: { type: generated, workers: 2, options: { samples: 40, absent: 0.2 } }
      logEvery: 1
      """;

  @TempDir Path temp;

  private RunOf run(String name, String... overrides) {
    return new RunOf(temp.resolve(name), YAML, overrides);
  }

  @Test
  void aRunLeavesItsConfigurationRecordMetricsAndCheckpoints() {
    RunOf run = run("plain");
    Outcome outcome = run.train();
    assertThat(outcome.status()).isEqualTo("finished");
    assertThat(outcome.steps()).isEqualTo(15);

    JsonNode record = run.record();
    assertThat(record.get("status").textValue()).isEqualTo("finished");
    assertThat(record.get("steps").longValue()).isEqualTo(15);
    assertThat(record.get("weights_sha256").textValue()).isEqualTo(outcome.weightsSha256());
    assertThat(record.get("seed").longValue()).isEqualTo(11);
    assertThat(record.at("/data/samples").intValue()).isEqualTo(40);
    assertThat(record.at("/data/fingerprint").textValue()).contains("samples=40");
    assertThat(record.at("/versions/pytorch").textValue()).startsWith("2.");
    assertThat(record.at("/command/1").textValue()).isEqualTo("test");
    assertThat(record.at("/parameters/a").longValue())
        .isEqualTo(8 * 6 + 8 + 48 + 6 + 24 + 4 + 40 + 5);

    assertThat(run.settings().bind(RunConfig.class).batch()).isEqualTo(8);
    assertThat(RunFolder.reading(run.folder()).config()).contains("samples: 40");
    assertThat(run.checkpoints())
        .containsExactly("step-000000010.safetensors", "step-000000015.safetensors");
    assertThat(run.metrics()).hasSize(15);
  }

  @Test
  void aLineOfMetricsSaysWhatTheStepDid() {
    RunOf run = run("metrics");
    run.train();
    List<JsonNode> lines = run.metrics();
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      assertThat(line.get("step").longValue()).isEqualTo(i + 1);
      assertThat(line.get("epoch").doubleValue()).isCloseTo((i + 1) / 5.0, within(1e-9));
      assertThat(line.get("samples").longValue()).isEqualTo(8L * (i + 1));
      double factor = Math.min(1, (i + 1) / 4.0) * 0.5 * (1 + Math.cos(Math.PI * i / 15));
      assertThat(line.at("/lr/a").doubleValue()).isCloseTo(0.05 * factor, within(1e-9));
      assertThat(line.at("/lr/b").doubleValue()).isCloseTo(0.02 * factor, within(1e-9));
      double total =
          line.at("/terms/aa").doubleValue()
              + 0.5 * line.at("/terms/near").doubleValue()
              + line.at("/terms/ab").doubleValue()
              + line.at("/terms/ba").doubleValue();
      assertThat(line.get("total").doubleValue()).isCloseTo(total, within(1e-6));
      assertThat(line.get("gradient_norm").doubleValue()).isPositive();
      assertThat(line.get("samples_per_s").doubleValue()).isPositive();
      assertThat(line.get("data_wait").doubleValue()).isBetween(0.0, 1.0);
      assertThat(line.at("/queue_fill/b~1common").doubleValue()).isBetween(0.0, 1.0);
    }
    assertThat(lines.getLast().at("/queue_fill/a~1self").doubleValue()).isEqualTo(1);
  }

  @Test
  void theHashIsOverTheQueryAndMomentumWeightsInTheOrderOfTheirNames() {
    RunOf run = run("hash");
    Outcome outcome = run.train();
    try (Checkpoint checkpoint =
            RunFolder.reading(run.folder()).checkpoints().latest(note -> {}).orElseThrow();
        NDManager manager = NDManager.newBaseManager()) {
      MessageDigest digest = sha256();
      for (String name : new TreeSet<>(checkpoint.names())) {
        if (name.startsWith("query.") || name.startsWith("momentum.")) {
          digest.update(checkpoint.read(name, manager).toByteBuffer(true));
        }
      }
      assertThat(outcome.weightsSha256()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneSeedGivesOneRunWhateverTheNumberOfWorkers() {
    Outcome one = run("one", "data.workers=1").train();
    assertThat(run("three", "data.workers=3").train().weightsSha256())
        .isEqualTo(one.weightsSha256());
    assertThat(run("other", "seed=12").train().weightsSha256()).isNotEqualTo(one.weightsSha256());
  }

  @Test
  void itLearns() {
    String[] longer = {
      "epochs=30",
      "evaluate.run.near.type=nearest",
      "evaluate.everyEpochs=0",
      "optimizer.lr=0.05",
      "data.options.samples=96",
      "modalities.a.dropout=0"
    };
    Outcome trained = run("long", longer).train();
    assertThat(trained.figures().get("near.share")).isGreaterThan(0.8);
  }

  @Test
  void aRunMayEndWithinAnEpoch() {
    RunOf run = run("short", "steps=7");
    assertThat(run.train().steps()).isEqualTo(7);
    assertThat(run.checkpoints())
        .containsExactly("step-000000005.safetensors", "step-000000007.safetensors");
  }

  @Test
  void theReportSaysWhatWasResolved() {
    try (Training training = run("report").prepare(false, Progress.silent())) {
      assertThat(training.report())
          .anySatisfy(line -> assertThat(line).startsWith("data       generated train 40"))
          .anySatisfy(line -> assertThat(line).startsWith("modality   a has been counted"))
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith(
                          "encoder    b: SequentialBlock, 7 wide, 89 parameters, heads [common], momentum"))
          .anySatisfy(line -> assertThat(line).isEqualTo("queue      a in self: 16 rows, 0.0 MB"))
          .anySatisfy(line -> assertThat(line).contains("40 samples, 15 steps of 8, seed 11"));
    }
  }

  @Test
  void aDryRunTakesTwoStepsAndWritesNothing() {
    RunOf run = run("dry");
    try (Training training = run.prepare(false, Progress.silent())) {
      assertThat(training.dryRun())
          .anySatisfy(line -> assertThat(line).startsWith("batch      a: queries [("))
          .anySatisfy(line -> assertThat(line).startsWith("term       ab: "))
          .anySatisfy(line -> assertThat(line).startsWith("step       total "));
    }
    assertThat(run.folder()).doesNotExist();
  }

  @Test
  void whatCannotBeTrainedIsRefusedBeforeAnythingIsWritten() {
    refused(run("empty", "data.options.samples=0"), "the split 'train' is empty (data.train)");
    refused(
        run("large", "batch=41"),
        "batch must be at most 40, the number of samples of the split 'train', or dropLast false,"
            + " but was 41");
    refused(
        run("split", "data.train=trian"),
        "data.train: there is no split trian (--set data.train=trian)");
  }

  private static void refused(RunOf run, String message) {
    assertThatThrownBy(() -> run.prepare(false, Progress.silent()).close())
        .isInstanceOf(MmctException.class)
        .hasMessage(message);
    assertThat(run.folder()).doesNotExist();
  }

  @Test
  void aFolderThatHoldsARunIsLeftAlone() {
    RunOf run = run("twice", "steps=2");
    String before = run.train().weightsSha256();
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "%s already holds a run; continue it with --resume or choose another folder with --out"
                .formatted(run.folder()));
    assertThat(run.record().get("weights_sha256").textValue()).isEqualTo(before);
  }

  @Test
  void evaluationsComeAfterEveryFewEpochsAndAtTheEnd() {
    String judged = "evaluate.run.s.type=scripted";
    RunOf often = run("often", judged, "evaluate.everyEpochs=2");
    assertThat(often.with(Toys.catalogue(1.0, 2.0)).train().figures())
        .containsEntry("s.value", 2.0);
    assertThat(evaluatedSteps(often)).containsExactly(10L, 15L);

    RunOf atTheEnd = run("end", judged, "evaluate.everyEpochs=0", "steps=12");
    atTheEnd.with(Toys.catalogue(3.0)).train();
    assertThat(evaluatedSteps(atTheEnd)).containsExactly(12L);
    JsonNode line = atTheEnd.metrics().getLast();
    assertThat(line.get("evaluation").textValue()).isEqualTo("s");
    assertThat(line.get("split").textValue()).isEqualTo("val");
    assertThat(line.at("/figures/value").doubleValue()).isEqualTo(3);
    assertThat(line.at("/protocol/scripted").booleanValue()).isTrue();
  }

  private static List<Long> evaluatedSteps(RunOf run) {
    List<Long> steps = new ArrayList<>();
    for (JsonNode line : run.metrics()) {
      if (line.has("evaluation")) {
        steps.add(line.get("step").longValue());
      }
    }
    return steps;
  }

  @Test
  void withoutTheSplitNothingIsEvaluatedAndTheReasonIsTold() {
    RunOf run = run("no-val", "evaluate.run.s.type=scripted", "data.options.val=false");
    try (Training training = run.prepare(false, new RunOf.Heard())) {
      assertThat(training.report())
          .contains("evaluation none: the data has no split 'val' (evaluate.split), only train");
      assertThat(training.run().figures()).isEmpty();
    }
  }

  @Test
  void theBestCheckpointIsOfTheWeightsThatWereJudged() {
    RunOf run =
        run(
            "best",
            "evaluate.run.s.type=scripted",
            "checkpoints.best=s.value",
            "checkpoints.everySteps=4",
            "checkpoints.keep=1");
    run.with(Toys.catalogue(0.5, 0.75, 0.25)).train();
    assertThat(run.checkpoints()).containsExactly("best.safetensors", "step-000000015.safetensors");
    try (Checkpoint best = RunFolder.reading(run.folder()).checkpoints().best().orElseThrow()) {
      assertThat(best.step()).as("the second epoch's end, no multiple of four").isEqualTo(10);
    }
  }

  @Test
  void notANumberIsNeverTheBest() {
    RunOf run = run("nan", "evaluate.run.s.type=scripted", "checkpoints.best=s.value");
    run.with(Toys.catalogue(Double.NaN, 0.25, 0.5)).train();
    try (Checkpoint best = RunFolder.reading(run.folder()).checkpoints().best().orElseThrow()) {
      assertThat(best.step()).isEqualTo(15);
    }
  }

  @Test
  void aFigureThatNobodyGivesIsToldOf() {
    RunOf run = run("figure", "evaluate.run.s.type=scripted", "checkpoints.best=s.valu", "steps=1");
    RunOf.Heard heard = new RunOf.Heard();
    run.with(Toys.catalogue(1.0)).train(heard);
    assertThat(heard.notes)
        .contains(
            "warning: no checkpoint is kept as the best: checkpoints.best is 's.valu'; did you mean"
                + " s.value? but the evaluations give s.value");
    assertThatThrownBy(() -> run("unnamed", "checkpoints.best=t.value").train())
        .hasMessage(
            "checkpoints.best must be EVALUATION.FIGURE of an evaluation but was 't.value' (--set"
                + " checkpoints.best=t.value); evaluations: none");
  }

  @Test
  void aNonFiniteLossStopsTheRunAndSaysWhere() {
    RunOf run = run("nan-loss", "objectives.ab.failAt=7", "checkpoints.everySteps=3");
    assertThatThrownBy(run::train)
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageStartingWith("objective ab became NaN in step 8; samples: train");
    JsonNode failure = run.json("failure.json");
    assertThat(failure.get("step").longValue()).isEqualTo(8);
    assertThat(failure.get("objective").textValue()).isEqualTo("ab");
    assertThat(failure.get("samples")).hasSize(1);
    assertThat(failure.at("/samples/0").textValue()).startsWith("train");
    assertThat(run.record().get("status").textValue()).isEqualTo("failed");
    assertThat(run.record().get("steps").longValue()).isEqualTo(7);
    assertThat(run.checkpoints())
        .containsExactly("step-000000003.safetensors", "step-000000006.safetensors");
    assertThat(run.metrics()).hasSize(7);
  }

  @Test
  void brokenCellsAreSkippedListedAndCounted() {
    RunOf run =
        run("broken", "data.options.broken=2", "data.maxBroken=0.05", "data.options.absent=0");
    assertThat(run.train().status()).isEqualTo("finished");
    List<JsonNode> skipped = run.lines("skipped.jsonl");
    assertThat(skipped)
        .hasSize(6)
        .allSatisfy(
            line -> {
              assertThat(line.get("sample").textValue()).isIn("train0", "train1");
              assertThat(line.get("modality").textValue()).isIn("a", "b", "m");
              assertThat(line.get("reason").textValue())
                  .isEqualTo("the vector does not begin with a number");
              assertThat(line.get("step").longValue()).isBetween(1L, 5L);
            });
    RunOf strict = run("strict", "data.options.broken=2", "data.maxBroken=0.01");
    assertThatThrownBy(strict::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(
            "broken, more than the share of 0.01 that is allowed (data.maxBroken)");
    assertThat(strict.record().get("status").textValue()).isEqualTo("failed");
  }

  @Test
  void aTrainedRunIsOpenedWithTheWeightsOfItsEnd() {
    RunOf run = run("open", "evaluate.run.near.type=nearest");
    Outcome outcome = run.train();
    List<String> notes = new ArrayList<>();
    try (TrainedRun trained = TrainedRun.open(run.folder(), run.catalogue(), "cpu", notes::add)) {
      assertThat(trained.splits(Optional.empty())).containsExactly("train", "val");
      assertThat(trained.seed()).isEqualTo(11);
      var again = run.catalogue().evaluator("nearest");
      assertThat(evaluate(again, trained)).isEqualTo(outcome.figures().get("near.share"));
      var context = trained.evaluation(Optional.empty(), "val", Map.of());
      assertThat(context.encode("a", "").width()).isEqualTo(8);
      assertThat(context.encode("a", "self").width()).isEqualTo(4);
      assertThat(context.encode("b", "common").items()).isEqualTo(24);
      assertThat(context.trainingIds())
          .isInstanceOfSatisfying(
              mmct.api.spi.TrainingIds.Known.class,
              known -> assertThat(known.ids()).hasSize(40).contains("train0"));
    }
  }

  private static <O extends Record> double evaluate(
      mmct.api.spi.EvaluatorProvider<O> provider, TrainedRun trained) {
    O options = mmct.api.config.Settings.empty().bind(provider.options());
    return provider
        .create(options)
        .evaluate(trained.evaluation(Optional.empty(), "val", Map.of()))
        .orElseThrow()
        .figures()
        .get("share");
  }
}
