package mmct.eval.features;

import mmct.api.MmctException;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.EvaluationContext.Features;

/// Features that are numbers: an encoder that has left the numbers is told before any figure is
/// made from them.
public final class FiniteFeatures {
  private FiniteFeatures() {}

  /// Encodes one modality of the whole dataset.
  ///
  /// @param space a space of the modality, or empty text for the backbone's features
  /// @throws MmctException naming the first sample whose features are not finite
  public static Features encode(EvaluationContext context, String modality, String space) {
    return require(context.encode(modality, space), context, modality, space);
  }

  /// Refuses features that are not finite.
  ///
  /// @return the same features
  /// @throws MmctException naming the first sample whose features are not finite
  public static Features require(
      Features features, EvaluationContext context, String modality, String space) {
    for (int i = 0; i < features.values().length; i++) {
      if (!Float.isFinite(features.values()[i])) {
        String sample = context.dataset().id(features.samples()[i / features.width()]);
        throw new MmctException(
            "features must be finite but %s in %s holds %s (sample %s)"
                .formatted(modality, place(space), features.values()[i], sample));
      }
    }
    return features;
  }

  private static String place(String space) {
    return space.isEmpty() ? "its backbone" : "space " + space;
  }
}
