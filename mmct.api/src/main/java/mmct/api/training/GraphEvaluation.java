package mmct.api.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.engine.Torch;
import mmct.api.graph.Encoder;
import mmct.api.graph.StepParameters;
import mmct.api.graph.TrainingGraph;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.Modality;
import mmct.api.spi.TrainingIds;
import mmct.api.training.data.PlainBatches;

/// The query encoders of a graph before a dataset: turns its samples into features.
public final class GraphEvaluation implements EvaluationContext {
  private static final int BATCH = 128;

  private final Judged judged;
  private final DataSource source;
  private final String split;
  private final Dataset dataset;
  private final Surroundings surroundings;

  /// What is judged.
  ///
  /// @param graph whose query encoders are judged
  /// @param modalities by name
  record Judged(TrainingGraph graph, Map<String, Modality> modalities) {}

  /// What an evaluation may ask for besides features.
  ///
  /// @param trainingIds the ids of the samples that were trained on
  /// @param catalogue the providers that are there
  /// @param notes takes reasons why an evaluation does not apply
  /// @param stop whether encoding should end before it is done, with a [CancellationException]
  record Surroundings(
      Supplier<TrainingIds> trainingIds,
      Catalogue catalogue,
      Consumer<String> notes,
      BooleanSupplier stop) {}

  /// Places encoders before a split.
  ///
  /// @throws mmct.api.MmctException where there is no such split
  GraphEvaluation(Judged judged, DataSource source, String split, Surroundings surroundings) {
    this.judged = judged;
    this.source = source;
    this.split = split;
    this.surroundings = surroundings;
    dataset = source.split(split);
  }

  /// Places the encoders of a graph that was trained in Java before samples.
  ///
  /// @param notes takes a sentence on every cell that is left out because it cannot be read, and
  ///     reasons why an evaluation does not apply
  public static GraphEvaluation of(TrainingGraph graph, Dataset dataset, Consumer<String> notes) {
    Map<String, Modality> modalities = new LinkedHashMap<>();
    graph.plan().modalities().forEach((name, draw) -> modalities.put(name, draw.modality()));
    DataSource source = DataSource.of(Map.of("samples", dataset));
    TrainingIds unknown = new TrainingIds.Unknown("a graph does not tell what it was trained on");
    return new GraphEvaluation(
        new Judged(graph, modalities),
        source,
        "samples",
        new Surroundings(() -> unknown, Catalogue.load(), notes, () -> false));
  }

  @Override
  public Dataset dataset() {
    return dataset;
  }

  @Override
  public String split() {
    return split;
  }

  @Override
  public EvaluationContext on(String other) {
    return new GraphEvaluation(judged, source, other, surroundings);
  }

  @Override
  public Catalogue catalogue() {
    return surroundings.catalogue();
  }

  @Override
  public Device device() {
    return judged.graph().manager().getDevice();
  }

  @Override
  public Map<String, Set<String>> encoders() {
    return encoders(judged.graph());
  }

  /// The modalities with an encoder, and the spaces that each projects into.
  static Map<String, Set<String>> encoders(TrainingGraph graph) {
    Map<String, Set<String>> encoders = new LinkedHashMap<>();
    graph.queryEncoders().forEach((name, encoder) -> encoders.put(name, encoder.spaces()));
    return encoders;
  }

  @Override
  public TrainingIds trainingIds() {
    return surroundings.trainingIds().get();
  }

  @Override
  public void skip(String reason) {
    surroundings.notes().accept(reason);
  }

  @Override
  public void progress(String line) {
    requireGoOn();
    surroundings.notes().accept(line);
  }

  private void requireGoOn() {
    if (surroundings.stop().getAsBoolean()) {
      throw new CancellationException("the evaluation was stopped");
    }
  }

  @Override
  public Features encode(String name, String space) {
    return Objects.requireNonNull(encode(name, Set.of(space), dataset).get(space));
  }

  @Override
  public Map<String, Features> encode(String name, Set<String> spaces, int atMost) {
    int[] chosen = EvaluationContext.evenly(dataset.size(), atMost);
    Map<String, Features> features = new LinkedHashMap<>();
    encode(name, spaces, new Chosen(dataset, chosen))
        .forEach(
            (space, part) ->
                features.put(
                    space,
                    new Features(
                        part.values(),
                        part.width(),
                        Arrays.stream(part.samples()).map(sample -> chosen[sample]).toArray())));
    return features;
  }

  /// Some samples of a dataset.
  private record Chosen(Dataset all, int[] indices) implements Dataset {
    @Override
    public int size() {
      return indices.length;
    }

    @Override
    public Sample get(int index) {
      return all.get(indices[index]);
    }

    @Override
    public String id(int index) {
      return all.id(indices[index]);
    }
  }

  /// Features by space, in one pass over the samples.
  private Map<String, Features> encode(String name, Set<String> spaces, Dataset samples) {
    Encoder encoder = judged.graph().queryEncoders().get(name);
    Modality modality = judged.modalities().get(name);
    if (encoder == null || modality == null) {
      throw new IllegalArgumentException("there is no encoder for " + name);
    }
    Map<String, Rows> rows = new LinkedHashMap<>();
    spaces.forEach(space -> rows.put(space, new Rows()));
    try (var _ = Torch.withoutGradient();
        PlainBatches batches =
            new PlainBatches(samples, name, modality, BATCH, 0, 2, b -> skip(b.reason()));
        NDManager scope = judged.graph().manager().newSubManager()) {
      StepParameters store = new StepParameters(scope, false);
      while (batches.hasNext()) {
        requireGoOn();
        PlainBatches.Items items = batches.next();
        try (NDManager part = scope.newSubManager()) {
          NDList inputs = new NDList();
          items.inputs().forEach(input -> inputs.add(input.toArray(part)));
          append(encoder, inputs, store, items.samples(), rows);
        }
      }
    }
    Map<String, Features> features = new LinkedHashMap<>();
    rows.forEach(
        (space, each) ->
            features.put(
                space,
                each.features(width(encoder, space))
                    .requireFinite(
                        samples, space.isEmpty() ? name : name + " in the space " + space)));
    return features;
  }

  /// Encodes one batch and keeps its features `[n, d]` of every space.
  private static void append(
      Encoder encoder, NDList inputs, StepParameters store, int[] samples, Map<String, Rows> rows) {
    Set<String> projected = new LinkedHashSet<>(rows.keySet());
    projected.remove("");
    Encoder.Encoded encoded = encoder.encode(store, inputs, false, projected);
    rows.forEach(
        (space, each) -> {
          NDArray wanted = space.isEmpty() ? encoded.backbone() : encoded.projection(space);
          each.append(wanted.toFloatArray(), samples);
        });
  }

  private static int width(Encoder encoder, String space) {
    return space.isEmpty() ? encoder.width() : encoder.width(space);
  }

  /// Grows as batches come.
  private static final class Rows {
    private float[] values = new float[0];
    private int[] samples = new int[0];
    private int used;
    private int items;

    void append(float[] more, int[] owners) {
      if (used + more.length > values.length) {
        values = Arrays.copyOf(values, Math.max(used + more.length, 2 * values.length));
      }
      if (items + owners.length > samples.length) {
        samples = Arrays.copyOf(samples, Math.max(items + owners.length, 2 * samples.length));
      }
      System.arraycopy(more, 0, values, used, more.length);
      System.arraycopy(owners, 0, samples, items, owners.length);
      used += more.length;
      items += owners.length;
    }

    Features features(int width) {
      return new Features(Arrays.copyOf(values, used), width, Arrays.copyOf(samples, items));
    }
  }
}
