package mmct.eval.learning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.config.ConfigurationException;

/// The modality whose backbone features an evaluation learns from.
public final class FrozenModality {
  private FrozenModality() {}

  /// Chooses the modality that the options leave.
  ///
  /// @param evaluation the evaluation's name and `setting` its option, for messages
  /// @param named the modality that the option names
  /// @param other the modality that is learned, which is none of them
  /// @param encoders modality names with an encoder, and the spaces of each
  /// @throws ConfigurationException where the option names what is not there, or leaves a choice
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
    List<String> possible =
        named.map(List::of).orElseGet(() -> List.copyOf(encoders.keySet())).stream()
            .filter(name -> !name.equals(other))
            .toList();
    if (possible.size() != 1) {
      throw new ConfigurationException(
          "the %s reads features of one modality besides %s but could take %s; name one with %s"
              .formatted(
                  evaluation,
                  other,
                  possible.isEmpty() ? "none" : String.join(" or ", possible),
                  setting));
    }
    return possible.getFirst();
  }
}
