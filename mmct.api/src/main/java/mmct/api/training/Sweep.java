package mmct.api.training;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import org.jspecify.annotations.Nullable;

/// Variants of a configuration in which one thing grows.
///
/// @param name what grows: a key of the configuration, or `modalities`
/// @param variants from small to large
public record Sweep(String name, List<Variant> variants) {
  /// The number of modalities.
  private static final String MODALITIES = "modalities";

  /// The sizes of views, whatever a modality calls them.
  private static final String SIZES = "sizes";

  private static final Set<String> KEYS_OF_SIZES = Set.of("size", "maxLength");

  private static final List<Double> FACTORS = List.of(0.5, 1.0, 2.0);

  /// A queue costs little, so that only great differences show.
  private static final List<Double> FACTORS_OF_A_QUEUE = List.of(0.25, 1.0, 4.0);

  /// Copies the list.
  public Sweep {
    variants = List.copyOf(variants);
  }

  /// One of the variants.
  ///
  /// @param label such as `batch 64`
  /// @param changes are laid over the configuration, one after the other
  public record Variant(String label, List<Settings> changes) {
    /// Copies the list.
    public Variant {
      changes = List.copyOf(changes);
    }
  }

  /// The sweeps of a word of the user: `KEY=VALUE,VALUE,...` for any key of the configuration;
  /// `KEY` alone for one that is a whole number, which is halved and doubled; `modalities`, the
  /// last of which is left out again and again; `sizes`, every size of the modalities' views; or
  /// `all`, which is batch, queue, sizes and modalities.
  ///
  /// @param resolution the configuration that is varied
  /// @throws MmctException where the word is none of these
  public static List<Sweep> of(String word, Resolution resolution) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      String key = word.substring(0, equals).strip();
      return List.of(new Sweep(key, values(key, word.substring(equals + 1))));
    }
    return switch (word) {
      case "all" ->
          Stream.of("batch", "queue", SIZES, MODALITIES)
              .flatMap(each -> of(each, resolution).stream())
              .toList();
      case MODALITIES -> List.of(new Sweep(MODALITIES, fewerModalities(resolution)));
      case SIZES -> sizes(resolution).map(key -> scaled(key, resolution)).toList();
      default -> List.of(scaled(word, resolution));
    };
  }

  private static List<Variant> values(String key, String text) {
    Settings list = Settings.assignment("values=[" + text + "]");
    List<?> values = (List<?>) list.get("values").orElse(List.of());
    if (values.isEmpty()) {
      throw new MmctException("--sweep %s= must be followed by values".formatted(key));
    }
    return values.stream().map(value -> variant(key, value)).toList();
  }

  private static Variant variant(String key, @Nullable Object value) {
    String label = key + " " + value;
    return new Variant(label, List.of(Settings.at(key, value, "--sweep " + key)));
  }

  private static Sweep scaled(String key, Resolution resolution) {
    Object value = find(resolution.settings(), key).orElse("nothing");
    if (!(value instanceof Long number)) {
      throw new MmctException(
          "--sweep must be batch, queue, sizes, modalities, all, a key that is a whole number, or KEY=VALUE,VALUE,... but was '%s'%s"
              .formatted(key, value.equals("nothing") ? "" : ", which is " + value));
    }
    List<Double> factors = key.equals("queue") ? FACTORS_OF_A_QUEUE : FACTORS;
    Set<Long> values = new LinkedHashSet<>();
    factors.forEach(factor -> values.add((long) (factor * (double) number)));
    return new Sweep(key, values.stream().map(each -> variant(key, each)).toList());
  }

  private static Optional<Object> find(Settings settings, String key) {
    Settings group = settings;
    List<String> keys = List.of(key.split("\\.", -1));
    for (String each : keys.subList(0, keys.size() - 1)) {
      if (!(group.get(each).orElse("") instanceof Map<?, ?>)) {
        return Optional.empty();
      }
      group = group.child(each);
    }
    return group.get(keys.getLast());
  }

  private static Stream<String> sizes(Resolution resolution) {
    Settings modalities = resolution.settings().child(MODALITIES);
    return modalities.keys().stream()
        .flatMap(
            name ->
                modalities.child(name).keys().stream()
                    .filter(KEYS_OF_SIZES::contains)
                    .filter(key -> modalities.child(name).get(key).orElse("") instanceof Long)
                    .map(key -> MODALITIES + "." + name + "." + key));
  }

  /// From one modality to all: each variant lacks the last ones and the objectives that need them,
  /// as long as an objective is left.
  private static List<Variant> fewerModalities(Resolution resolution) {
    List<String> names = List.copyOf(resolution.settings().child(MODALITIES).keys());
    List<Variant> variants = new ArrayList<>();
    Set<String> dropped = new LinkedHashSet<>();
    for (int count = names.size(); count > 0; count--) {
      long objectives = dropped.stream().filter(key -> key.startsWith("objectives.")).count();
      if (objectives == resolution.objectives()) {
        break;
      }
      String label =
          names.subList(0, count).stream()
              .collect(Collectors.joining(", ", "%s %d: ".formatted(MODALITIES, count), ""));
      variants.addFirst(
          new Variant(
              label,
              dropped.stream()
                  .map(key -> Settings.at(key, null, "--sweep " + MODALITIES))
                  .toList()));
      dropped.addAll(resolution.whatNeeds(names.get(count - 1)));
    }
    return variants;
  }
}
