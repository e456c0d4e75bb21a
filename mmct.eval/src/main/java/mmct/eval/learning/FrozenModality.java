package mmct.eval.learning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.config.ConfigurationException;

/// The modality whose backbone features an evaluation learns from.
public final class FrozenModality {
  private FrozenModality() {}

  /// The named modality, or else the first with an encoder in the run's order.
  ///
  /// @param evaluation the evaluation's name and `setting` its option, for messages
  /// @param named the modality that the option names
  /// @param other the modality that is learned, which is none of them
  /// @param encoders modality names with an encoder, and the spaces of each
  /// @throws ConfigurationException where the option names what is not there, and where there is
  /// none
  public static String choose(
      String evaluation,
      String setting,
      Optional<String> named,
      String other,
      Map<String, Set<String>> encoders) {
    if (named.isPresent() && !encoders.containsKey(named.get())) {
      throw new ConfigurationException(
          "%s of the %s must be a modality with an encoder (%s) but was '%s'"
              .formatted(setting, evaluation, String.join(", ", encoders.keySet()), named.get()));
    }
    return named.map(List::of).orElseGet(() -> List.copyOf(encoders.keySet())).stream()
        .filter(name -> !name.equals(other))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "the %s needs a modality with an encoder besides %s but there is none (%s)"
                        .formatted(evaluation, other, setting)));
  }
}
