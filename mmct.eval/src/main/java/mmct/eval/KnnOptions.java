package mmct.eval;

import java.util.List;
import java.util.Optional;
import mmct.api.config.Setting;

/// Options of `knn`.
public record KnnOptions(
    @Setting(value = "Numbers of neighbours that vote.", byDefault = "[20, 200]", min = 1)
        List<Integer> k,
    @Setting(
            value = "A neighbour votes with the weight exp(cosine / temperature).",
            byDefault = "0.1",
            above = 0)
        double temperature,
    @Setting(value = "Split whose items are the neighbours.", byDefault = "train") String train,
    @Setting("Modality whose features are classified; by default the only one that the data has.")
        Optional<String> modality,
    @Setting("Space whose features are classified; by default the backbone's own features.")
        Optional<String> space,
    @Setting("Column of the classes; by default label or class, or the folder's name.")
        Optional<String> label) {
  /// At least one number of neighbours.
  public KnnOptions {
    k = List.copyOf(k);
    if (k.isEmpty()) {
      throw new IllegalArgumentException("k must name at least one number of neighbours");
    }
  }

  /// The defaults: 20 and 200 neighbours of the split `train`, temperature 0.1.
  public static KnnOptions byDefault() {
    return new KnnOptions(
        List.of(20, 200), 0.1, "train", Optional.empty(), Optional.empty(), Optional.empty());
  }
}
