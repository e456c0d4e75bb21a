package mmct.eval;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.TrainingIds;

/// Splits of samples whose features are written down: what an `image` holds is its feature, in the
/// backbone as in every space.
public final class SplitTable implements EvaluationContext {
  /// What an evaluation said.
  public final List<String> notes;

  private final Map<String, List<Sample>> splits;
  private final Map<String, Set<String>> encoders;
  private final Set<String> trainingIds;
  private final String split;

  private SplitTable(
      List<String> notes,
      Map<String, List<Sample>> splits,
      Map<String, Set<String>> encoders,
      Set<String> trainingIds,
      String split) {
    this.notes = notes;
    this.splits = splits;
    this.encoders = encoders;
    this.trainingIds = trainingIds;
    this.split = split;
  }

  /// A table without samples, one encoder of images, and the split `test` judged.
  public SplitTable() {
    this(
        new ArrayList<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashSet<>(),
        "test");
    encoders.put("image", Set.of("common"));
  }

  /// One sample.
  ///
  /// @param feature of its image, or empty where it has none
  /// @param cells its further cells
  public record Row(String id, float[] feature, Map<String, Cell> cells) {
    private Sample sample() {
      Map<String, Cell> all = new LinkedHashMap<>(cells);
      if (feature.length > 0) {
        all.put("image", new Cell.Numbers(feature, feature.length));
      }
      return new Sample(id, all);
    }
  }

  /// A table of two splits that judges `test`.
  public static SplitTable of(List<Row> train, List<Row> test) {
    SplitTable table = new SplitTable();
    table.splits.put("train", train.stream().map(Row::sample).toList());
    table.splits.put("test", test.stream().map(Row::sample).toList());
    return table;
  }

  /// Adds an encoder.
  public SplitTable encoder(String modality, String... spaces) {
    encoders.put(modality, Set.of(spaces));
    return this;
  }

  /// Adds a sample with an image.
  public SplitTable add(String split, String id, Optional<String> label, double... feature) {
    return add(split, new Sample(id, Map.of("image", cell(feature)), label));
  }

  /// Adds a sample with a class.
  public SplitTable add(String split, String id, String label, double... feature) {
    return add(split, id, Optional.of(label), feature);
  }

  /// Adds a sample.
  public SplitTable add(String split, Sample sample) {
    splits.computeIfAbsent(split, _ -> new ArrayList<>()).add(sample);
    return this;
  }

  /// Sets what the encoders were trained on.
  public SplitTable trainedOn(String... ids) {
    trainingIds.addAll(List.of(ids));
    return this;
  }

  /// The samples of a split, in order, to be changed.
  public List<Sample> samples(String name) {
    return splits.getOrDefault(name, new ArrayList<>());
  }

  /// The content of a cell.
  public static Cell cell(double... feature) {
    float[] values = new float[feature.length];
    IntStream.range(0, feature.length).forEach(i -> values[i] = (float) feature[i]);
    return new Cell.Numbers(values, values.length);
  }

  /// Gaussian classes, in turns, whose means are at a distance from each other.
  public static SplitTable gaussian(
      int classes, int train, int test, int width, double distance, long seed) {
    SplitTable table = new SplitTable();
    Random random = new Random(seed);
    for (String split : List.of("train", "test")) {
      for (int i = 0; i < (split.equals("train") ? train : test); i++) {
        double[] feature = new double[width];
        Arrays.setAll(feature, _ -> random.nextGaussian());
        feature[i % classes] += distance;
        table.add(split, split + i, "class-" + i % classes, feature);
      }
    }
    return table;
  }

  @Override
  public Dataset dataset() {
    return new InMemoryDataset(samples(split));
  }

  @Override
  public String split() {
    return split;
  }

  @Override
  public EvaluationContext on(String other) {
    if (!splits.containsKey(other)) {
      throw new MmctException(
          "there is no split '%s'; splits: %s"
              .formatted(other, String.join(", ", splits.keySet())));
    }
    return new SplitTable(notes, splits, encoders, trainingIds, other);
  }

  @Override
  public Map<String, Set<String>> encoders() {
    return encoders;
  }

  @Override
  public Features encode(String modality, String space) {
    List<float[]> rows = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < samples(split).size(); i++) {
      if (samples(split).get(i).cell(modality).orElse(null) instanceof Cell.Numbers numbers) {
        rows.add(numbers.values());
        owners.add(i);
      }
    }
    int width = rows.isEmpty() ? 1 : rows.getFirst().length;
    float[] values = new float[rows.size() * width];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * width, width);
    }
    return new Features(values, width, owners.stream().mapToInt(i -> i).toArray());
  }

  @Override
  public TrainingIds trainingIds() {
    return new TrainingIds.Known(trainingIds);
  }

  @Override
  public Catalogue catalogue() {
    return Catalogue.of(List.of(new WordsProvider()));
  }

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public void skip(String reason) {
    notes.add(reason);
  }
}
