package mmct.eval.tagging;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Positive pointwise mutual information of tags (Church and Hanks 1990; Levy and Goldberg 2014):
/// `max(0, log p(a,b) / (p(a) p(b)))`, probabilities being shares of the samples. A tag with itself
/// has `−log p(a)`; tags that never meet have 0.
final class Ppmi {
  private Ppmi() {}

  /// The matrix over all pairs of tags, `[T, T]`, of which only what is above 0 is kept.
  ///
  /// @param samples the tags of each sample, ascending; samples without tags count too
  /// @param tags the number of tags T
  static SparseMatrix of(List<int[]> samples, int tags) {
    int[][] samplesOfTag = samplesOfTag(samples, tags);
    int[] counts = Arrays.stream(samplesOfTag).mapToInt(owners -> owners.length).toArray();
    List<Row> rows =
        IntStream.range(0, tags)
            .parallel()
            .mapToObj(tag -> row(samplesOfTag[tag], samples, counts))
            .toList();
    int[] starts = new int[tags + 1];
    for (int tag = 0; tag < tags; tag++) {
      starts[tag + 1] = Math.addExact(starts[tag], rows.get(tag).columns.length);
    }
    return new SparseMatrix(
        starts,
        rows.stream().flatMapToInt(row -> Arrays.stream(row.columns)).toArray(),
        rows.stream().flatMapToDouble(row -> Arrays.stream(row.values)).toArray());
  }

  private static int[][] samplesOfTag(List<int[]> samples, int tags) {
    int[] counts = new int[tags];
    samples.forEach(sample -> Arrays.stream(sample).forEach(tag -> counts[tag]++));
    int[][] owners = new int[tags][];
    Arrays.setAll(owners, tag -> new int[counts[tag]]);
    for (int i = samples.size() - 1; i >= 0; i--) {
      for (int tag : samples.get(i)) {
        owners[tag][--counts[tag]] = i;
      }
    }
    return owners;
  }

  /// The row of the tag that some samples have.
  private static Row row(int[] owners, List<int[]> samples, int[] counts) {
    int[] together = new int[counts.length];
    for (int owner : owners) {
      for (int other : samples.get(owner)) {
        together[other]++;
      }
    }
    double[] row = new double[counts.length];
    for (int other = 0; other < row.length; other++) {
      if (together[other] > 0) {
        double independent = (double) owners.length * counts[other];
        row[other] = Math.log(together[other] * (double) samples.size() / independent);
      }
    }
    int[] columns = IntStream.range(0, row.length).filter(other -> row[other] > 0).toArray();
    return new Row(columns, Arrays.stream(columns).mapToDouble(other -> row[other]).toArray());
  }

  /// The entries of a row.
  private record Row(int[] columns, double[] values) {}
}
