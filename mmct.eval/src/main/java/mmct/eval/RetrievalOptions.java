package mmct.eval;

import java.util.Optional;
import mmct.api.config.Setting;

/// Options of `retrieval`.
///
/// Modalities and space may be left out where only one pair of modalities shares a space.
public record RetrievalOptions(
    @Setting(
            "Modality that searches first; by default the first of the pair that shares a space, or"
                + " where something is trained the run's first with an encoder.")
        Optional<String> query,
    @Setting(
            "Modality that is searched first; by default the second of that pair, or where something"
                + " is trained the column caption.")
        Optional<String> key,
    @Setting("Space in which the two are compared; by default the one that they share.")
        Optional<String> space,
    @Setting(
            value =
                "Parts of foldSize samples, in order, whose figures are averaged; 0 takes all"
                    + " samples at once, 5 of 1000 is the 1K protocol of COCO.",
            byDefault = "0",
            min = 0)
        int folds,
    @Setting(
            value = "Samples of a fold; samples after the last fold take no part.",
            byDefault = "1000",
            min = 1)
        int foldSize,
    @Setting(
            value =
                "Whether a sentence encoder is trained first, on frozen backbone features of the"
                    + " query modality; no space and no encoder of the key modality are then used.",
            byDefault = "false")
        boolean train,
    @Setting("How it is trained.") SentenceTrainingOptions training) {

  /// Zero-shot retrieval.
  public RetrievalOptions(
      Optional<String> query,
      Optional<String> key,
      Optional<String> space,
      int folds,
      int foldSize) {
    this(query, key, space, folds, foldSize, false, SentenceTrainingOptions.byDefault());
  }

  /// The defaults: the only pair that shares a space, all samples at once.
  public static RetrievalOptions byDefault() {
    return new RetrievalOptions(Optional.empty(), Optional.empty(), Optional.empty(), 0, 1000);
  }
}
