package mmct.api.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.training.Toys.Mute;
import mmct.api.training.Training.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run in which nothing is trained does not end as if something were.
class NothingToTrainTest {
  private static final String YAML =
      """
      modalities:
        a: { type: vectors }
        b: { type: vectors, width: 7 }
      spaces:
        self: { width: 4, hidden: 6 }
        common: { width: 5, hidden: 0 }
      objectives:
        aa: { loss: attraction, query: a, key: a, space: self }
        ab: { loss: attraction, query: a, key: b, space: common }
      queue: 16
      batch: 8
      epochs: 3
      optimizer: { type: sgd, lr: 0.02 }
      data: { type: generated, workers: 2, options: { samples: 40 } }
      logEvery: 1
      """;

  @TempDir Path temp;

  private RunOf run(String name, Catalogue catalogue, String... overrides) {
    return new RunOf(temp.resolve(name), YAML, List.of(overrides), catalogue);
  }

  /// Half of the samples have one modality, half the other.
  private static Dataset apart(Dataset whole) {
    return new InMemoryDataset(
        Stream.iterate(0, i -> i < whole.size(), i -> i + 1)
            .map(
                i ->
                    new Sample(
                        whole.id(i),
                        Map.of(
                            i % 2 == 0 ? "a" : "b",
                            whole.get(i).cell(i % 2 == 0 ? "a" : "b").orElseThrow())))
            .toList());
  }

  private static Dataset ofOneId(Dataset whole) {
    return new InMemoryDataset(
        Stream.iterate(0, i -> i < whole.size(), i -> i + 1)
            .map(
                i ->
                    new Sample(
                        "one",
                        Map.of(
                            "a",
                            whole.get(i).cell("a").orElseThrow(),
                            "b",
                            whole.get(i).cell("b").orElseThrow())))
            .toList());
  }

  @Test
  void samplesOfOneIdAloneAreRefusedUnlessTheyMayBeNegatives() {
    RunOf run = run("one", Toys.catalogue(NothingToTrainTest::ofOneId));
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "all 40 samples of the split 'train' have the id 'one', and rows of one id are no"
                + " negatives of each other; give each its own id, or say --set"
                + " maskSameInstance=false");
    assertThat(run.folder()).doesNotExist();
    RunOf meant =
        run("meant", Toys.catalogue(NothingToTrainTest::ofOneId), "maskSameInstance=false");
    assertThat(meant.train().status()).isEqualTo("finished");
  }

  /// Does not tell what a sample has before it is read.
  private record Silent(Dataset dataset) implements Dataset {
    @Override
    public int size() {
      return dataset.size();
    }

    @Override
    public Sample get(int index) {
      return dataset.get(index);
    }
  }

  @Test
  void anObjectiveWithoutARowInTheDataIsRefusedBeforeAnythingIsWritten() {
    RunOf run = run("apart", Toys.catalogue(NothingToTrainTest::apart));
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining(
            "no sample of the split 'train' has all of a, b, which the objective ab compares")
        .hasMessageContaining("--set objectives.ab=null");
    assertThat(run.folder()).doesNotExist();
  }

  @Test
  void whereTheDataDoesNotTellTheRunStopsAfterAnEpoch() {
    RunOf run = run("silent", Toys.catalogue(split -> new Silent(apart(split))));
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessage(
            "the objective ab had no row in the last 5 steps: no sample had all of a, b; the run"
                + " stops rather than train nothing (maxEmptySteps 100)");
    assertThat(run.record().get("status").textValue()).isEqualTo("failed");
    assertThat(run.json("failure.json").get("reason").textValue()).contains("the objective ab");
    assertThat(run.checkpoints()).as("what the other has learned").hasSize(1);
    // It is for the user to say that this is meant.
    RunOf meant =
        run("silent", Toys.catalogue(split -> new Silent(apart(split))), "maxEmptySteps=0");
    Outcome outcome = meant.resume();
    assertThat(outcome.status()).isEqualTo("finished");
    assertThat(outcome.steps()).isEqualTo(15);
  }

  @Test
  void aModalityThatGivesNoViewsStopsTheRun() {
    Predicate<Cell> all = cell -> true;
    RunOf run = run("mute", Toys.with(new Mute("mute", all)), "modalities.b.type=mute");
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the objective ab had no row in the last 5 steps")
        .hasMessageContaining("none of 40 samples gave a view of b");
  }

  /// Steps may end before an epoch does.
  @Test
  void aRunThatHasTrainedNothingAtAllFails() {
    Predicate<Cell> all = cell -> true;
    RunOf run =
        run(
            "nothing",
            Toys.with(new Mute("mute", all)),
            "modalities.a.type=mute",
            "modalities.b.type=mute",
            "steps=3");
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("none of 24 samples gave a view of a")
        .hasMessageEndingWith("the run has trained nothing");
    assertThat(run.record().get("status").textValue()).isEqualTo("failed");
    assertThatThrownBy(run::resume).hasMessageEndingWith("the run has trained nothing");
  }

  @Test
  void anObjectiveThatLosesItsRowsStopsTheRunAfterAsManySteps() {
    // The first sixteen samples give views, each once; then none does.
    java.util.Set<Cell> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
    Predicate<Cell> later = cell -> seen.size() >= 16 || !seen.add(cell);
    RunOf run =
        run(
            "later",
            Toys.with(new Mute("mute", later)),
            "modalities.b.type=mute",
            "maxEmptySteps=7",
            "epochs=10",
            "data.workers=1");
    assertThatThrownBy(run::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("the objective ab had no row in the last 7 steps")
        .hasMessageContaining("none of 56 samples gave a view of b");
  }

  @Test
  void whatChanceExplainsIsNotStopped() {
    RowCounts rare = new RowCounts(10_000, Optional.of(Map.of("ab", 10, "aa", 10_000, "never", 1)));
    assertThat(rare.explained("aa", 8, 1, 1)).isEqualTo(1);
    // ln(1e-9) / (8 ln(1 − 0.001)) = 2589.1
    assertThat(rare.explained("ab", 8, 1, 1)).isEqualTo(2590);
    assertThat(rare.explained("ab", 8, 1, 2)).as("two rows together").isGreaterThan(700_000);
    assertThat(rare.explained("never", 256, 1, 1)).isGreaterThan(800);
    assertThat(new RowCounts(10, Optional.empty()).explained("aa", 8, 1, 1)).isEqualTo(1);
    assertThat(RowCounts.of(new InMemoryDataset(List.of()), Map.of("x", Set.of("a"))).counts())
        .contains(Map.of("x", 0));
  }

  @Test
  void aRareObjectiveTrainsOn() {
    Dataset[] made = new Dataset[1];
    RunOf run =
        run(
            "rare",
            Toys.catalogue(
                split -> {
                  made[0] = oneOf(split);
                  return made[0];
                }),
            "maxEmptySteps=2");
    assertThat(run.train().status()).isEqualTo("finished");
    assertThat(made[0].modalities(0)).contains(Set.of("a", "b"));
  }

  /// Only the first sample has both.
  private static Dataset oneOf(Dataset whole) {
    return new InMemoryDataset(
        Stream.iterate(0, i -> i < whole.size(), i -> i + 1)
            .map(
                i ->
                    i == 0
                        ? whole.get(i)
                        : new Sample(
                            whole.id(i), Map.of("a", whole.get(i).cell("a").orElseThrow())))
            .toList());
  }

  @Test
  void aRestOfOneRowIsLeftOutOfBatchNormalisationAndTold() {
    RunOf run =
        run(
            "rest",
            Toys.catalogue(),
            "modalities.a.batchNorm=true",
            "dropLast=false",
            "data.options.samples=17",
            "batch=16");
    RunOf.Heard heard = new RunOf.Heard();
    assertThat(run.train(heard).steps()).isEqualTo(3);
    assertThat(heard.notes)
        .anyMatch(
            note -> note.startsWith("warning: the last 1 of 17 samples of every epoch is left"));
    assertThat(run.metrics()).allMatch(line -> line.get("terms").size() == 2);
    RunOf small =
        run(
            "one",
            Toys.catalogue(),
            "modalities.a.batchNorm=true",
            "dropLast=false",
            "data.options.samples=1",
            "batch=16");
    assertThatThrownBy(small::train)
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("must have at least the 2 samples that batch normalisation needs");
    assertThat(small.folder()).doesNotExist();
  }
}
