package mmct.eval;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.data.Dataset;
import mmct.api.data.InMemoryDataset;
import mmct.api.data.Sample;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.TrainingIds;

/// An evaluation context whose features are written down: per sample and modality, the rows.
public final class FeatureTable implements EvaluationContext {
  /// What an evaluation said when it did not apply.
  public final List<String> skipped = new ArrayList<>();

  private final Map<String, Set<String>> encoders = new LinkedHashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private Set<String> trainingIds = Set.of();

  /// A table without encoders and samples.
  public FeatureTable() {}

  /// One sample.
  public record Row(String id, Map<String, float[][]> features) {}

  /// Two modalities, `image` and `caption`, that share the space `common` and have one each.
  public static FeatureTable imagesAndCaptions() {
    return new FeatureTable()
        .encoder("image", "image-self", "common")
        .encoder("caption", "caption-self", "common");
  }

  /// Adds an encoder.
  public FeatureTable encoder(String modality, String... spaces) {
    encoders.put(modality, new LinkedHashSet<>(List.of(spaces)));
    return this;
  }

  /// Adds a sample; no items are an absent modality.
  public FeatureTable sample(String id, float[][] images, float[][] captions) {
    return sample(new Row(id, Map.of("image", images, "caption", captions)));
  }

  /// Adds a sample.
  public FeatureTable sample(Row row) {
    rows.add(row);
    return this;
  }

  /// Sets what the encoders were trained on.
  public FeatureTable trainedOn(String... ids) {
    trainingIds = Set.of(ids);
    return this;
  }

  /// The samples.
  public List<Row> rows() {
    return Collections.unmodifiableList(rows);
  }

  /// A table with the same encoders and other samples.
  public FeatureTable with(List<Row> others) {
    FeatureTable table = new FeatureTable();
    table.encoders.putAll(encoders);
    table.rows.addAll(others);
    return table;
  }

  /// Random samples, some without one side, each with up to three images and five captions.
  ///
  /// @param values draws one value of a feature
  public static FeatureTable random(int samples, int width, Random random, Values values) {
    FeatureTable table = imagesAndCaptions();
    for (int i = 0; i < samples; i++) {
      int images = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(3);
      int captions = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(5);
      table.sample("s" + i, draw(images, width, values), draw(captions, width, values));
    }
    return table;
  }

  /// Draws values.
  public interface Values {
    /// The next value.
    double next();
  }

  private static float[][] draw(int items, int width, Values values) {
    float[][] rows = new float[items][width];
    for (float[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) values.next();
      }
    }
    return rows;
  }

  @Override
  public Dataset dataset() {
    return new InMemoryDataset(rows.stream().map(row -> new Sample(row.id(), Map.of())).toList());
  }

  @Override
  public String split() {
    return "table";
  }

  @Override
  public EvaluationContext on(String split) {
    throw new MmctException("there is no split '%s'; splits: table".formatted(split));
  }

  @Override
  public Catalogue catalogue() {
    return Catalogue.of(List.of());
  }

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public Map<String, Set<String>> encoders() {
    return encoders;
  }

  @Override
  public Features encode(String modality, String space) {
    if (!encoders.getOrDefault(modality, Set.of()).contains(space)) {
      throw new IllegalArgumentException(modality + " has no " + space);
    }
    List<float[]> items = new ArrayList<>();
    List<Integer> samples = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (float[] item : rows.get(i).features().getOrDefault(modality, new float[0][])) {
        items.add(item);
        samples.add(i);
      }
    }
    int width = items.isEmpty() ? 1 : items.getFirst().length;
    float[] values = new float[items.size() * width];
    for (int i = 0; i < items.size(); i++) {
      System.arraycopy(items.get(i), 0, values, i * width, width);
    }
    return new Features(values, width, samples.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public TrainingIds trainingIds() {
    return new TrainingIds.Known(trainingIds);
  }

  @Override
  public void skip(String reason) {
    skipped.add(reason);
  }

  /// Rows of features.
  public static float[][] items(float[]... rows) {
    return rows;
  }

  /// One item.
  public static float[] item(double... values) {
    float[] row = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      row[i] = (float) values[i];
    }
    return row;
  }
}
