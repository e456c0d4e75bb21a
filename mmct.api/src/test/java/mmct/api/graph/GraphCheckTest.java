package mmct.api.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.List;
import java.util.Optional;
import mmct.api.config.ConfigurationException;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.spi.Loss;
import mmct.api.spi.LossInput;
import mmct.api.spi.LossOutput;
import mmct.api.spi.Needs;
import mmct.api.spi.Needs.Queue;
import org.junit.jupiter.api.Test;

/// What cannot be trained is refused before anything is built, in one sentence.
class GraphCheckTest {
  /// A loss of which only the needs matter.
  private record Declared(Needs needs) implements Loss {
    @Override
    public LossOutput evaluate(LossInput input) {
      throw new AssertionError("is never run");
    }
  }

  private static Loss pair(Queue queue, boolean positives) {
    return new Declared(
        new Needs(
            new Needs.Pair(Needs.Side.query(), Needs.Side.key(queue), positives),
            List.of(),
            List.of()));
  }

  private static Loss joint(int atLeast, int atMost) {
    return new Declared(
        new Needs(new Needs.Joint(atLeast, atMost, Needs.Side.query()), List.of(), List.of()));
  }

  private static GraphSpec.Builder spec() {
    return GraphSpec.builder()
        .modality("left", new Vectors(3, 4))
        .modality("right", new Vectors(3, 4))
        .modality("marks", new Vectors(3, 0))
        .space("common", new SpaceConfig(2, 0))
        .queue(8);
  }

  private static ObjectiveSpec of(Loss loss, String... modalities) {
    return new ObjectiveSpec(loss, List.of(modalities), "common", 1);
  }

  private static void refused(GraphSpec.Builder spec, String message) {
    assertThatThrownBy(() -> TrainingGraph.create(spec.build(), Device.cpu(), 1, 10))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }

  private static void accepted(GraphSpec.Builder spec) {
    TrainingGraph.create(spec.build(), Device.cpu(), 1, 10).close();
  }

  @Test
  void anUnknownModalityIsRefusedWithTheNearestOne() {
    refused(
        spec().objective("o", of(pair(Queue.OPTIONAL, false), "left", "rigth")),
        "objectives.o names the modality 'rigth', which is not configured; did you mean right?;"
            + " there are: left, right, marks");
  }

  @Test
  void anUnknownSpaceIsRefused() {
    refused(
        spec()
            .objective(
                "o",
                new ObjectiveSpec(
                    pair(Queue.OPTIONAL, false), List.of("left", "right"), "elsewhere", 1)),
        "objectives.o names the space 'elsewhere', which is not configured; there are: common");
  }

  @Test
  void aLossOfTwoNeedsTwo() {
    refused(
        spec().objective("o", of(pair(Queue.OPTIONAL, false), "left")),
        "objectives.o compares one query with one key but names 1 modalities [left]");
    refused(
        spec().objective("o", of(pair(Queue.OPTIONAL, false), "left", "right", "left")),
        "objectives.o compares one query with one key but names 3 modalities [left, right, left]");
  }

  @Test
  void aLossOfSeveralSaysHowMany() {
    refused(
        spec().objective("o", of(joint(3, 5), "left", "right")),
        "objectives.o.modalities must be 3 to 5 names but are 2: [left, right]");
    refused(
        spec().objective("o", of(joint(2, 2), "left")),
        "objectives.o.modalities must be 2 names but are 1: [left]");
    refused(
        spec().objective("o", of(joint(1, 1), "left", "right")),
        "objectives.o.modalities must be 1 name but are 2: [left, right]");
    refused(
        spec().objective("o", of(joint(2, Integer.MAX_VALUE), "left")),
        "objectives.o.modalities must be at least 2 names but are 1: [left]");
    refused(
        spec().objective("o", of(joint(2, 5), "left", "left")),
        "objectives.o.modalities must differ but are [left, left]");
  }

  @Test
  void aLossOfExactlySoManySaysSo() {
    refused(
        spec().objective("o", of(joint(2, 2), "left")),
        "objectives.o.modalities must be 2 names but are 1: [left]");
  }

  @Test
  void twoQueryViewsOfOneModalityWouldBeOneViewTwice() {
    Needs.Side query = Needs.Side.query();
    Loss loss = new Declared(new Needs(new Needs.Pair(query, query, false), List.of(), List.of()));
    refused(
        spec().objective("o", of(loss, "left", "left")),
        "objectives.o compares two modalities but its query and its key are both 'left'");
    accepted(spec().objective("o", of(loss, "left", "right")));
  }

  @Test
  void aLossOfSeveralSeesTheRowsOfTheBatchAnyway() {
    refused(
        spec()
            .objective(
                "o",
                new ObjectiveSpec(
                    joint(2, 2),
                    List.of("left", "right"),
                    "common",
                    1,
                    Optional.empty(),
                    true,
                    true)),
        "objectives.o.inBatchNegatives is set but its loss chooses its negatives itself");
  }

  @Test
  void aRuleNeedsALossThatHasAUseForIt() {
    String message = "objectives.o.positives is set but its loss has no use for it";
    SharedMarks rule = new SharedMarks("marks", 1);
    refused(
        spec().objective("o", of(pair(Queue.OPTIONAL, false), "left", "right").positives(rule)),
        message);
    refused(spec().objective("o", of(joint(2, 2), "left", "right").positives(rule)), message);
    accepted(
        spec().objective("o", of(pair(Queue.OPTIONAL, true), "left", "right").positives(rule)));
  }

  @Test
  void aRuleLooksAtAModalityThatIsThere() {
    refused(
        spec()
            .objective(
                "o",
                of(pair(Queue.OPTIONAL, true), "left", "right")
                    .positives(new SharedMarks("mark", 1))),
        "objectives.o.positives names the modality 'mark', which is not configured; did you mean"
            + " marks?; there are: left, right, marks");
  }

  @Test
  void aLossThatNeedsCandidatesGetsSome() {
    Loss loss = pair(Queue.REQUIRED, false);
    String message =
        "objectives.o has no keys to compare its queries with: give it a queue (queue was %d) or"
            + " set inBatchNegatives";
    refused(spec().queue(0).objective("o", of(loss, "left", "right")), message.formatted(0));
    refused(
        spec()
            .objective(
                "o",
                new ObjectiveSpec(
                    loss, List.of("left", "right"), "common", 1, Optional.empty(), false, false)),
        message.formatted(8));
    refused(
        spec()
            .space("common", new SpaceConfig(2, 0, SpaceConfig.Norm.NONE, Optional.of(0)))
            .objective("o", of(loss, "left", "right")),
        message.formatted(0));
    accepted(
        spec()
            .queue(0)
            .objective(
                "o",
                new ObjectiveSpec(
                    loss, List.of("left", "right"), "common", 1, Optional.empty(), true, true)));
  }

  @Test
  void aLossThatChoosesItsNegativesTakesNoOthers() {
    refused(
        spec()
            .objective(
                "o",
                new ObjectiveSpec(
                    pair(Queue.NONE, false),
                    List.of("left", "right"),
                    "common",
                    1,
                    Optional.empty(),
                    true,
                    true)),
        "objectives.o.inBatchNegatives is set but its loss chooses its negatives itself");
  }

  @Test
  void aModalityWithoutAnEncoderIsNoQueryAndNoKey() {
    String message =
        "modalities.marks has no encoder, so it cannot be query or key of an objective";
    refused(spec().objective("o", of(pair(Queue.OPTIONAL, false), "marks", "left")), message);
    refused(spec().objective("o", of(pair(Queue.OPTIONAL, false), "left", "marks")), message);
  }

  @Test
  void aRefusedGraphLeavesNoMemoryBehind() {
    var everything = Engine.getInstance().newBaseManager().getParentManager();
    int before = everything.getManagedArrays().size();
    aModalityWithoutAnEncoderIsNoQueryAndNoKey();
    assertThat(everything.getManagedArrays().size()).isEqualTo(before);
  }

  @Test
  void somethingMustBeOptimised() {
    refused(
        spec(), "objectives must name at least one objective of a weight above 0 but names none");
    refused(
        spec()
            .objective(
                "o",
                new ObjectiveSpec(
                    pair(Queue.OPTIONAL, false), List.of("left", "right"), "common", 0)),
        "objectives must name at least one objective of a weight above 0 but names [o]");
  }

  @Test
  void anObjectiveOfWeightZeroIsLeftOut() {
    Loss loss = pair(Queue.OPTIONAL, true);
    GraphSpec spec =
        spec()
            .objective("kept", of(loss, "left", "left"))
            .objective(
                "dropped",
                new ObjectiveSpec(loss, List.of("right", "right"), "common", 0)
                    .positives(new SharedMarks("marks", 1)))
            .build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 1, 10)) {
      assertThat(graph.objectives().stream().map(Objective::name)).containsExactly("kept");
      assertThat(graph.queryEncoders()).containsOnlyKeys("left");
      assertThat(graph.queues()).hasSize(1);
      assertThat(graph.plan().modalities()).containsOnlyKeys("left");
      assertThat(graph.plan().rules()).isEmpty();
    }
  }

  @Test
  void namesCanBePartsOfKeysAndFiles() {
    for (String name : List.of("a.b", "a/b", "", "a b")) {
      refused(
          spec().objective(name, of(pair(Queue.OPTIONAL, false), "left", "right")),
          "names in objectives must be letters, digits, '_' and '-' but one is '%s'"
              .formatted(name));
    }
    accepted(spec().objective("größe-1_x", of(pair(Queue.OPTIONAL, false), "left", "right")));
  }

  @Test
  void onlyTheHeadsAndQueuesThatAreUsedAreBuilt() {
    GraphSpec spec =
        spec()
            .space("spare", new SpaceConfig(9, 0))
            .space("self", new SpaceConfig(5, 0))
            .objective("lr", of(pair(Queue.OPTIONAL, false), "left", "right"))
            .objective(
                "ll",
                new ObjectiveSpec(pair(Queue.NONE, false), List.of("left", "left"), "self", 1))
            .build();
    try (TrainingGraph graph = TrainingGraph.create(spec, Device.cpu(), 1, 10)) {
      assertThat(graph.queryEncoders().get("left").spaces()).containsExactly("common", "self");
      assertThat(graph.queryEncoders().get("left").width("self")).isEqualTo(5);
      assertThat(graph.queryEncoders().get("right").spaces()).containsExactly("common");
      assertThat(graph.queues().keySet())
          .containsExactly(new TrainingGraph.QueueKey("right", "common"));
    }
  }
}
