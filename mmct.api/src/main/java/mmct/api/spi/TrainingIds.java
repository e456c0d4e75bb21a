package mmct.api.spi;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mmct.api.data.Dataset;

/// The ids of the samples that encoders were trained on, as far as anybody knows.
public sealed interface TrainingIds {
  /// The key under which a protocol has the number of judged samples that were trained on.
  String OVERLAP = "trainingOverlap";

  /// The key under which a protocol has the reason why that number is not known.
  String UNKNOWN_OVERLAP = "trainingOverlapUnknown";

  /// They are known.
  record Known(Set<String> ids) implements TrainingIds {
    /// Copies the set.
    public Known {
      ids = Set.copyOf(ids);
    }
  }

  /// They are not.
  ///
  /// @param reason why, in words for people
  record Unknown(String reason) implements TrainingIds {}

  /// The ids of a split that was trained on.
  static TrainingIds of(Dataset samples) {
    return new Known(
        IntStream.range(0, samples.size())
            .mapToObj(samples::id)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /// Tells how many of the judged samples were trained on, or why nobody knows.
  ///
  /// @param judged the ids of the judged samples; what occurs twice counts twice
  /// @param protocol takes one entry
  default void putOverlap(Collection<String> judged, Map<String, Object> protocol) {
    switch (this) {
      case Known(Set<String> ids) ->
          protocol.put(OVERLAP, (int) judged.stream().filter(ids::contains).count());
      case Unknown(String reason) -> protocol.put(UNKNOWN_OVERLAP, reason);
    }
  }
}
