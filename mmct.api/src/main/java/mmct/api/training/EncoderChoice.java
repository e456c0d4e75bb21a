package mmct.api.training;

import java.util.Optional;

/// Which encoders of a run are meant, and what they give.
///
/// @param modality the only modality that is meant; all that have an encoder where it is empty
/// @param output what the encoders give
/// @param momentum whether the momentum encoders are meant rather than the query encoders
public record EncoderChoice(Optional<String> modality, Output output, boolean momentum) {
  /// What an encoder gives.
  public sealed interface Output {}

  /// The features of the one space that the modality shares with others, where it shares exactly
  /// one, else those of the backbone.
  public record Usual() implements Output {}

  /// The backbone's features, before any head.
  public record OfBackbone() implements Output {}

  /// The features of a space; of all modalities only those that use it are meant.
  public record OfSpace(String name) implements Output {}

  /// Whether nothing but a modality is asked for.
  boolean isUsual() {
    return output instanceof Usual && !momentum;
  }

  /// The query encoders of all modalities with their usual output.
  public static EncoderChoice usual() {
    return new EncoderChoice(Optional.empty(), new Usual(), false);
  }
}
