package mmct.eval.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mmct.api.config.ConfigurationException;
import mmct.eval.RetrievalOptions;

/// Two modalities and the space in which they are compared.
///
/// @param query the modality that searches first
/// @param key the modality that is searched first
/// @param space a space of both
record Pair(String query, String key, String space) {

  /// Chooses the pair that the options leave.
  ///
  /// @param encoders modality names with an encoder, and the spaces of each
  /// @return empty where the options name no modality and no two modalities share a space
  /// @throws ConfigurationException where the options name what is not there, or leave a choice
  static Optional<Pair> choose(RetrievalOptions options, Map<String, Set<String>> encoders) {
    requireEncoder("query", options.query(), encoders);
    requireEncoder("key", options.key(), encoders);
    if (options.query().isPresent() && options.query().equals(options.key())) {
      throw new ConfigurationException(
          "query and key of the retrieval must be two modalities but both were '%s'"
              .formatted(options.query().get()));
    }
    List<Pair> sharing = sharing(options, encoders);
    if (sharing.isEmpty()) {
      requireUnnamed(options, encoders);
      return Optional.empty();
    }
    return Optional.of(only(options, sharing));
  }

  private static void requireEncoder(
      String setting, Optional<String> name, Map<String, Set<String>> encoders) {
    if (name.isPresent() && !encoders.containsKey(name.get())) {
      throw new ConfigurationException(
          "%s of the retrieval must be a modality with an encoder (%s) but was '%s'"
              .formatted(setting, String.join(", ", encoders.keySet()), name.get()));
    }
  }

  /// All pairs of the modalities that the options name or leave open, in the encoders' order.
  private static List<Pair> sharing(RetrievalOptions options, Map<String, Set<String>> encoders) {
    boolean ordered = options.query().isPresent() || options.key().isPresent();
    List<String> names = List.copyOf(encoders.keySet());
    List<Pair> pairs = new ArrayList<>();
    for (String query : options.query().map(List::of).orElse(names)) {
      for (String key : options.key().map(List::of).orElse(names)) {
        if (ordered ? !query.equals(key) : names.indexOf(query) < names.indexOf(key)) {
          Set<String> spaces = new TreeSet<>(encoders.getOrDefault(query, Set.of()));
          spaces.retainAll(encoders.getOrDefault(key, Set.of()));
          spaces.forEach(space -> pairs.add(new Pair(query, key, space)));
        }
      }
    }
    return pairs;
  }

  private static void requireUnnamed(RetrievalOptions options, Map<String, Set<String>> encoders) {
    List<String> named =
        Stream.of(options.query(), options.key()).flatMap(Optional::stream).toList();
    if (!named.isEmpty()) {
      throw new ConfigurationException(
          "the retrieval needs a space that its modalities share but %s shares none%s; %s"
              .formatted(
                  named.getFirst(),
                  named.size() == 2 ? " with " + named.getLast() : "",
                  describe(encoders)));
    }
  }

  private static Pair only(RetrievalOptions options, List<Pair> sharing) {
    List<Pair> left =
        sharing.stream()
            .filter(pair -> options.space().isEmpty() || pair.space.equals(options.space().get()))
            .toList();
    if (left.size() == 1) {
      return left.getFirst();
    }
    String all = sharing.stream().map(Pair::toString).collect(Collectors.joining("; "));
    if (left.isEmpty()) {
      throw new ConfigurationException(
          "space of the retrieval must be a shared one (%s) but was '%s'"
              .formatted(all, options.space().orElseThrow()));
    }
    throw new ConfigurationException(
        "the retrieval compares one pair of modalities in one space but could take %d (%s); name"
                .formatted(
                    left.size(),
                    left.stream().map(Pair::toString).collect(Collectors.joining("; ")))
            + " one with query, key and space");
  }

  /// The encoders' spaces in words, such as `image is in image-self, common; tags is in none`.
  static String describe(Map<String, Set<String>> encoders) {
    return encoders.entrySet().stream()
        .map(
            encoder ->
                "%s is in %s"
                    .formatted(
                        encoder.getKey(),
                        encoder.getValue().isEmpty()
                            ? "none"
                            : String.join(", ", new TreeSet<>(encoder.getValue()))))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String toString() {
    return "%s and %s in %s".formatted(query, key, space);
  }
}
