package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mmct.api.MmctException;
import mmct.api.config.NearName;
import mmct.api.graph.Encoder;

/// Finds the encoders that a choice means among those of a run.
///
/// @param encoders of the kind that is chosen, by modality
/// @param all the query encoders of all modalities, which tell what spaces are shared
record EncoderSelection(Map<String, Encoder> encoders, Map<String, Encoder> all) {
  /// By modality, the space that its encoder is to project into; empty for the backbone.
  ///
  /// @throws MmctException where the choice names what is not there, telling what is
  Map<String, Optional<String>> of(EncoderChoice choice) {
    Set<String> named =
        choice.modality().<Set<String>>map(name -> Set.of(known(name))).orElse(encoders.keySet());
    Map<String, Optional<String>> chosen = new LinkedHashMap<>();
    for (String name : encoders.keySet().stream().filter(named::contains).toList()) {
      switch (choice.output()) {
        case EncoderChoice.Usual usual -> chosen.put(name, usualSpace(name));
        case EncoderChoice.OfBackbone backbone -> chosen.put(name, Optional.empty());
        case EncoderChoice.OfSpace(String space) when spaces(name).contains(space) ->
            chosen.put(name, Optional.of(space));
        case EncoderChoice.OfSpace none -> {}
      }
    }
    if (chosen.isEmpty() && choice.output() instanceof EncoderChoice.OfSpace(String space)) {
      throw noSpace(space, named);
    }
    return chosen;
  }

  private String known(String modality) {
    if (!encoders.containsKey(modality)) {
      throw new MmctException(
          "the run has no such encoder of '%s'%s; it has those of: %s"
              .formatted(
                  modality,
                  NearName.suggestion(modality, encoders.keySet()),
                  encoders.isEmpty() ? "none" : String.join(", ", encoders.keySet())));
    }
    return modality;
  }

  private Set<String> spaces(String modality) {
    return Optional.ofNullable(encoders.get(modality)).map(Encoder::spaces).orElse(Set.of());
  }

  private Optional<String> usualSpace(String modality) {
    List<String> shared = spaces(modality).stream().filter(this::isShared).toList();
    return shared.size() == 1 ? Optional.of(shared.getFirst()) : Optional.empty();
  }

  private boolean isShared(String space) {
    return all.values().stream().filter(it -> it.spaces().contains(space)).count() > 1;
  }

  private MmctException noSpace(String space, Set<String> modalities) {
    Set<String> there = new TreeSet<>();
    modalities.forEach(name -> there.addAll(spaces(name)));
    return new MmctException(
        "no encoder of %s projects into a space '%s'%s; spaces: %s"
            .formatted(
                String.join(", ", new TreeSet<>(modalities)),
                space,
                NearName.suggestion(space, there),
                there.isEmpty() ? "none" : String.join(", ", there)));
  }
}
