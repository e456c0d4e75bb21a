package mmct.losses;

import static mmct.losses.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import mmct.api.graph.Batch;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.Objective.Moment;
import mmct.api.graph.SpaceConfig;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Backbone;
import mmct.api.spi.Modality;
import mmct.api.spi.PositivesRule;
import mmct.api.training.Optimizer;
import mmct.api.training.Optimizer.Group;
import mmct.api.training.RunConfig.OptimizerConfig;
import mmct.api.training.TrainingStep;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The whole training graph, step by step, against an independent float64 reference: momentum
/// update, keys, queries, five objectives, backward, SGD, enqueue, with and without missing
/// modalities, and with the batch whole or in parts.
class GraphGoldenTest {
  private static final double RELATIVE = 1e-4;

  /// The reference's two inter-modal heads differ in their hidden width; a unit of zero weights
  /// stays at zero and changes nothing, so the narrower is padded to the wider.
  private static final int HIDDEN = 10;

  @ParameterizedTest
  @ValueSource(strings = {"graph-all-present", "graph-missing-modalities"})
  void everyTermWeightAndQueueRowAgrees(String name) throws IOException {
    check(Fixture.load(name).root(), 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"graph-all-present", "graph-missing-modalities"})
  void aBatchInTwoPartsGivesTheSameStep(String name) throws IOException {
    check(Fixture.load(name).root(), 2);
  }

  private static void check(JsonNode root, int parts) {
    JsonNode config = root.get("config");
    try (TrainingGraph graph = TrainingGraph.create(spec(config), Device.cpu(), 1, 1000)) {
      try (NDManager scope = NDManager.newBaseManager()) {
        graph.restore(initial(root.get("initial"), scope));
      }
      TrainingStep step =
          new TrainingStep(graph, optimizer(graph, config), Engine.getInstance(), 1);
      int done = 0;
      for (JsonNode expected : root.get("steps")) {
        List<Batch> batch = batches(expected, done, parts);
        TrainingStep.Result result = step.take(batch, 1, new Moment(done, done));
        checkTerms("step " + done, result, expected);
        done++;
      }
      checkWeights(graph, root.get("final"));
      checkQueues(graph, root.at("/final/queues"));
    }
  }

  private static GraphSpec spec(JsonNode config) {
    double tau = config.get("tau").doubleValue();
    int tags = config.get("tagCount").intValue();
    MarginRanking hinge =
        new MarginRanking(config.get("alpha").doubleValue(), MarginRanking.Reduction.SUM);
    JsonNode weights = config.get("lambdas");
    return GraphSpec.builder()
        .modality("image", new Toy(6, 8))
        .modality("caption", new Toy(5, 7))
        .modality("tags", new Toy(tags, 0))
        .space("image-self", new SpaceConfig(4, 10))
        .space("caption-self", new SpaceConfig(4, 9))
        .space("common", new SpaceConfig(5, HIDDEN))
        .objective("ii", new InfoNce(tau), "image", "image", "image-self", weight(weights, "ii"))
        .objective(
            "tag",
            new ObjectiveSpec(
                    new InfoNce(tau),
                    List.of("image", "image"),
                    "image-self",
                    weight(weights, "tag"))
                .positives(new Shared(config.get("eps").doubleValue())))
        .objective(
            "cc", new InfoNce(tau), "caption", "caption", "caption-self", weight(weights, "cc"))
        .objective("ic", hinge, "image", "caption", "common", weight(weights, "ic"))
        .objective("ci", hinge, "caption", "image", "common", weight(weights, "ci"))
        .queue(config.get("queue").intValue())
        .momentum(config.get("momentumCoefficient").doubleValue())
        .build();
  }

  private static double weight(JsonNode weights, String name) {
    return weights.get(name).doubleValue();
  }

  private static Optimizer optimizer(TrainingGraph graph, JsonNode config) {
    OptimizerConfig sgd =
        Settings.of(
                Map.of(
                    "type", "sgd",
                    "momentum", config.at("/sgd/momentum").doubleValue(),
                    "weightDecay", config.at("/sgd/weightDecay").doubleValue()))
            .bind(OptimizerConfig.class);
    List<Group> groups = new ArrayList<>();
    graph
        .queryEncoders()
        .forEach(
            (name, encoder) ->
                groups.add(
                    new Group(name, encoder.weights(), config.get("lr").get(name).doubleValue())));
    return new Optimizer(groups, sgd, graph.manager());
  }

  private static Map<String, NDArray> initial(JsonNode initial, NDManager scope) {
    Map<String, NDArray> state = new HashMap<>();
    for (String modality : List.of("image", "caption")) {
      initial
          .get(modality)
          .properties()
          .forEach(
              entry -> {
                NDArray value =
                    padded(modality, entry.getKey(), Fixture.array(entry.getValue(), scope));
                String name = modality + "." + name(modality, entry.getKey());
                state.put("query." + name, value);
                state.put("momentum." + name, value);
              });
    }
    JsonNode queues = initial.get("queues");
    queue(state, "image.image-self", queues.get("imageIntra"), scope);
    queue(state, "image.common", queues.get("imageInter"), scope);
    queue(state, "caption.caption-self", queues.get("captionIntra"), scope);
    queue(state, "caption.common", queues.get("captionInter"), scope);
    List<int[]> marks = new ArrayList<>();
    queues.get("imageTags").forEach(row -> marks.add(nonZero(row)));
    String prefix = "queue.image.image-self.marks.tag.";
    state.put(
        prefix + "lengths", scope.create(marks.stream().mapToLong(mark -> mark.length).toArray()));
    state.put(
        prefix + "values",
        scope.create(marks.stream().flatMapToInt(Arrays::stream).asLongStream().toArray()));
    return state;
  }

  private static void queue(
      Map<String, NDArray> state, String place, JsonNode rows, NDManager scope) {
    long[] nobody = new long[rows.size()];
    Arrays.fill(nobody, -1);
    state.put("queue." + place + ".rows", Fixture.array(rows, scope));
    state.put("queue." + place + ".instances", scope.create(nobody));
    state.put("queue." + place + ".next", scope.create(new long[] {0}));
  }

  /// `intra.0.weight` of the reference is `heads.image-self.0.weight` here.
  private static String name(String modality, String reference) {
    return reference
        .replaceFirst("^intra\\.", "heads." + modality + "-self.")
        .replaceFirst("^inter\\.", "heads.common.");
  }

  private static NDArray padded(String modality, String name, NDArray value) {
    if (!modality.equals("caption") || !name.startsWith("inter.") || name.equals("inter.1.bias")) {
      return value;
    }
    int axis = name.equals("inter.1.weight") ? 1 : 0;
    long missing = HIDDEN - value.getShape().get(axis);
    long[] shape = value.getShape().getShape();
    shape[axis] = missing;
    return value.concat(value.getManager().zeros(new Shape(shape)), axis);
  }

  private static int[] nonZero(JsonNode row) {
    return IntStream.range(0, row.size()).filter(i -> row.get(i).doubleValue() != 0).toArray();
  }

  private static List<Batch> batches(JsonNode step, int number, int parts) {
    int n = step.at("/present/image").size();
    List<Batch> batches = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int from = part * n / parts;
      int to = (part + 1) * n / parts;
      Map<String, Batch.Views> views = new LinkedHashMap<>();
      for (String modality : List.of("image", "caption")) {
        views.put(
            modality,
            new Batch.Views(
                List.of(rows(step, modality, "Query", from, to)),
                List.of(rows(step, modality, "Key", from, to))));
      }
      List<int[]> marks = new ArrayList<>();
      for (int i = from; i < to; i++) {
        boolean tagged = step.at("/present/tags").get(i).booleanValue();
        marks.add(tagged ? nonZero(step.at("/inputs/tags").get(i)) : null);
      }
      long[] instances = IntStream.range(from, to).mapToLong(i -> (long) number * n + i).toArray();
      List<String> ids = Arrays.stream(instances).mapToObj(Long::toString).toList();
      batches.add(new Batch(ids, instances, views, Map.of("tag", marks)));
    }
    return batches;
  }

  private static Batch.Rows rows(JsonNode step, String modality, String role, int from, int to) {
    int[] rows =
        IntStream.range(from, to)
            .filter(i -> step.at("/present/" + modality).get(i).booleanValue())
            .toArray();
    List<View> views = new ArrayList<>();
    for (int row : rows) {
      double[] values = Fixture.doubles(step.get("inputs").get(modality + role).get(row));
      float[] view = new float[values.length];
      IntStream.range(0, view.length).forEach(i -> view[i] = (float) values[i]);
      views.add(View.of(view, view.length));
    }
    int[] inPart = Arrays.stream(rows).map(row -> row - from).toArray();
    return new Batch.Rows(
        inPart, rows.length == 0 ? List.of() : List.of(HostTensor.stack(views, 0)));
  }

  private static void checkTerms(String when, TrainingStep.Result result, JsonNode expected) {
    expected
        .get("terms")
        .properties()
        .forEach(
            term -> {
              if (term.getValue().isNull()) {
                assertThat(result.terms()).as(when).doesNotContainKey(term.getKey());
              } else {
                assertThat(result.terms()).as(when).containsKey(term.getKey());
                close(
                    when + " " + term.getKey(), result.terms().get(term.getKey()), term.getValue());
              }
            });
    close(when + " total", result.total(), expected.get("total"));
  }

  private static void close(String what, double actual, JsonNode expected) {
    assertClose(
        what, new float[] {(float) actual}, new double[] {expected.doubleValue()}, RELATIVE, 0);
  }

  private static void checkWeights(TrainingGraph graph, JsonNode expected) {
    Map<String, NDArray> weights = graph.weights();
    try (NDManager scope = NDManager.newBaseManager()) {
      for (String role : List.of("query", "momentum")) {
        for (String modality : List.of("image", "caption")) {
          expected
              .get(modality + (role.equals("query") ? "" : "Key"))
              .properties()
              .forEach(
                  entry -> {
                    String name = role + "." + modality + "." + name(modality, entry.getKey());
                    NDArray value = Fixture.array(entry.getValue(), scope);
                    float[] reference = padded(modality, entry.getKey(), value).toFloatArray();
                    double[] doubles =
                        IntStream.range(0, reference.length)
                            .mapToDouble(i -> reference[i])
                            .toArray();
                    assertClose(name, weights.get(name).toFloatArray(), doubles, RELATIVE, 0.01);
                  });
        }
      }
    }
  }

  private static void checkQueues(TrainingGraph graph, JsonNode expected) {
    Map<String, String> names =
        Map.of(
            "imageIntra", "image/image-self",
            "imageInter", "image/common",
            "captionIntra", "caption/caption-self",
            "captionInter", "caption/common");
    names.forEach(
        (reference, place) -> {
          String[] parts = place.split("/", -1);
          float[] rows =
              graph.queues().get(new TrainingGraph.QueueKey(parts[0], parts[1])).values();
          assertClose(place, rows, Fixture.doubles(expected.get(reference)), RELATIVE, 0.01);
        });
    try (NDManager scope = NDManager.newBaseManager()) {
      Map<String, NDArray> state = graph.state(scope);
      List<int[]> marks = new ArrayList<>();
      expected.get("imageTags").forEach(row -> marks.add(nonZero(row)));
      assertThat(state.get("queue.image.image-self.marks.tag.values").toLongArray())
          .isEqualTo(marks.stream().flatMapToInt(Arrays::stream).asLongStream().toArray());
      assertThat(state.get("queue.image.image-self.marks.tag.lengths").toLongArray())
          .isEqualTo(marks.stream().mapToLong(mark -> mark.length).toArray());
    }
  }

  /// A modality whose backbone is one linear layer; width 0 means it is not encoded.
  private record Toy(int inputs, int width) implements Modality {
    @Override
    public Views draw(Cell cell, ViewRequest request) {
      throw new AssertionError("the fixture brings its own views");
    }

    @Override
    public List<View> plain(Cell cell) {
      throw new AssertionError("the fixture brings its own views");
    }

    @Override
    public Optional<Backbone> newBackbone(boolean dropout) {
      return width == 0
          ? Optional.empty()
          : Optional.of(
              new Backbone(
                  Linear.builder().setUnits(width).build(), width, List.of(new Shape(1, inputs))));
    }
  }

  /// More than so many marks in common, by brute force.
  private record Shared(double moreThan) implements PositivesRule {
    @Override
    public String of() {
      return "tags";
    }

    @Override
    public int[] marks(View view) {
      throw new AssertionError("the fixture brings its own marks");
    }

    @Override
    public List<BitSet> positives(List<int[]> queries, List<int[]> rows) {
      List<BitSet> all = new ArrayList<>();
      for (int[] query : queries) {
        BitSet positives = new BitSet();
        for (int j = 0; j < rows.size(); j++) {
          int[] row = rows.get(j);
          long shared =
              Arrays.stream(query).filter(q -> Arrays.stream(row).anyMatch(r -> r == q)).count();
          positives.set(j, shared > moreThan);
        }
        all.add(positives);
      }
      return all;
    }
  }
}
