package mmct.api.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.data.HostTensor;
import mmct.api.data.View;
import org.jspecify.annotations.Nullable;

/// Makes batches of vectors for tests. A row that is null lacks the modality.
public final class BatchOf {
  private final long[] instances;
  private final Map<String, Batch.Views> views = new HashMap<>();
  private final Map<String, List<int @Nullable []>> marks = new HashMap<>();

  private BatchOf(long... instances) {
    this.instances = instances;
  }

  /// A batch of rows of the instances given, without any modality yet.
  public static BatchOf instances(long... instances) {
    return new BatchOf(instances);
  }

  /// A batch of rows of different instances, counted from a first one.
  public static BatchOf fresh(long first, int rows) {
    return new BatchOf(IntStream.range(0, rows).mapToLong(i -> first + i).toArray());
  }

  /// Adds a modality with one view for each encoder.
  public BatchOf with(String modality, float @Nullable [][] queries, float @Nullable [][] keys) {
    return with(modality, views(queries), views(keys));
  }

  /// Adds a modality whose views are the same for both encoders.
  public BatchOf with(String modality, float @Nullable [][] rows) {
    return with(modality, rows, rows);
  }

  /// Adds a modality with several views for each encoder.
  public BatchOf with(
      String modality, List<float @Nullable [][]> queries, List<float @Nullable [][]> keys) {
    views.put(
        modality,
        new Batch.Views(
            queries.stream().map(BatchOf::rows).toList(),
            keys.stream().map(BatchOf::rows).toList()));
    return this;
  }

  /// The views of one side: a matrix of rows each.
  public static List<float @Nullable [][]> views(float @Nullable [][]... views) {
    return List.of(views);
  }

  /// Adds the marks of an objective's rule.
  public BatchOf marks(String objective, int @Nullable []... rows) {
    marks.put(objective, Arrays.asList(rows));
    return this;
  }

  /// The batch.
  public Batch build() {
    List<String> ids = Arrays.stream(instances).mapToObj(i -> "s" + i).toList();
    return new Batch(ids, instances, views, marks);
  }

  private static Batch.Rows rows(float @Nullable [][] rows) {
    int[] present = IntStream.range(0, rows.length).filter(i -> rows[i] != null).toArray();
    List<View> views = new ArrayList<>();
    for (int row : present) {
      views.add(View.of(rows[row], rows[row].length));
    }
    return new Batch.Rows(
        present, views.isEmpty() ? List.of() : List.of(HostTensor.stack(views, 0)));
  }

  /// Random vectors; those whose numbers are given are missing.
  public static float @Nullable [][] random(int rows, int length, long seed, int... missing) {
    SplittableRandom random = new SplittableRandom(seed);
    float @Nullable [][] vectors = new float[rows][];
    for (int i = 0; i < rows; i++) {
      float[] vector = new float[length];
      for (int j = 0; j < length; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      int row = i;
      vectors[i] = Arrays.stream(missing).anyMatch(m -> m == row) ? null : vector;
    }
    return vectors;
  }
}
