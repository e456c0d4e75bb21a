package mmct.api.graph;

import java.util.List;
import java.util.Optional;
import mmct.api.config.Setting;
import mmct.api.config.Settings;

/// The keys that every objective has; the others are its loss's options.
public record ObjectiveConfig(
    @Setting("Loss provider.") String loss,
    @Setting("Modality of the query side.") Optional<String> query,
    @Setting("Modality of the key side.") Optional<String> key,
    @Setting("All modalities of a loss that compares several at once.") List<String> modalities,
    @Setting("Space in which they are compared.") String space,
    @Setting(value = "Share λ of the total; 0 leaves the objective out.", byDefault = "1", min = 0)
        double weight,
    @Setting(
            value = "Which queue rows are positives too: the rule as type, and its options.",
            fixed = true)
        Settings positives,
    @Setting("Whether the queue takes part; by default it does where the loss has a use for it.")
        Optional<Boolean> queue,
    @Setting(
            value = "Whether the keys of the batch's other rows are candidates like queue rows.",
            byDefault = "false")
        boolean inBatchNegatives) {
  /// Either a query and a key, or several modalities.
  public ObjectiveConfig {
    boolean pair = query.isPresent() && key.isPresent() && modalities.isEmpty();
    boolean joint = query.isEmpty() && key.isEmpty() && !modalities.isEmpty();
    if (!pair && !joint) {
      throw new IllegalArgumentException(
          "an objective names query and key, or else modalities, but names query %s, key %s, modalities %s"
              .formatted(query.orElse("nothing"), key.orElse("nothing"), modalities));
    }
  }

  /// The participants: query and key, or all modalities.
  public List<String> participants() {
    return query.isPresent() ? List.of(query.get(), key.orElseThrow()) : modalities;
  }
}
