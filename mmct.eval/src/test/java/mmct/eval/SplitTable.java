package mmct.eval;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import mmct.api.MmctException;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;

/// An evaluation context of several splits, whose one encoder `image` has features that are written
/// down beside the samples' cells.
public final class SplitTable implements EvaluationContext {
  /// What an evaluation said when it did not apply.
  public final List<String> skipped = new ArrayList<>();

  private final Map<String, List<Row>> splits;
  private final String split;
  private final Set<String> trainingIds;

  /// One sample.
  ///
  /// @param feature of its image, or empty where it has none
  /// @param cells what a dataset reads
  public record Row(String id, float[] feature, Map<String, Cell> cells) {}

  private SplitTable(Map<String, List<Row>> splits, String split, Set<String> trainingIds) {
    this.splits = splits;
    this.split = split;
    this.trainingIds = trainingIds;
  }

  /// A table that judges the split `test`.
  public static SplitTable of(List<Row> train, List<Row> test) {
    Map<String, List<Row>> splits = new LinkedHashMap<>();
    splits.put("train", train);
    splits.put("test", test);
    return new SplitTable(splits, "test", Set.of());
  }

  /// The same table, its encoder being trained on some samples.
  public SplitTable trainedOn(String... ids) {
    return new SplitTable(splits, split, Set.of(ids));
  }

  @Override
  public Dataset dataset() {
    return new InMemoryDataset(
        splits.getOrDefault(split, List.of()).stream()
            .map(row -> new Sample(row.id(), row.cells()))
            .toList());
  }

  @Override
  public String split() {
    return split;
  }

  @Override
  public EvaluationContext on(String other) {
    if (!splits.containsKey(other)) {
      throw new MmctException("there is no split '%s'; splits: train, test".formatted(other));
    }
    return new SplitTable(splits, other, trainingIds);
  }

  @Override
  public Map<String, Set<String>> encoders() {
    return Map.of("image", Set.of());
  }

  @Override
  public Features encode(String modality, String space) {
    List<Row> rows = splits.getOrDefault(split, List.of());
    int width = rows.stream().mapToInt(row -> row.feature().length).max().orElse(1);
    int[] samples =
        IntStream.range(0, rows.size()).filter(i -> rows.get(i).feature().length > 0).toArray();
    float[] values = new float[samples.length * width];
    for (int i = 0; i < samples.length; i++) {
      System.arraycopy(rows.get(samples[i]).feature(), 0, values, i * width, width);
    }
    return new Features(values, width, samples);
  }

  @Override
  public Set<String> trainingIds() {
    return trainingIds;
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
    skipped.add(reason);
  }
}
