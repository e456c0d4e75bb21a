package mmct.api.training;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.io.SafeTensors;

/// Finds, for every parameter of a backbone, the tensor of a file that holds it.
///
/// The tensors' names are the parameters', after a prefix that all of them share (`module.`,
/// `bert.`, none) and which is found by looking. Where the file has `x.gamma` and `x.beta`, the
/// words of early BERT files for a normalisation, they are `x.weight` and `x.bias`.
///
/// A match is strict: every parameter has a tensor of its shape, and no tensor is left over in a
/// part that the backbone has, since that is how the file of a deeper network looks. Whole parts
/// that the backbone lacks, such as a classifier, and whole numbers, such as counters, are ignored.
final class TensorMatch {
  /// Parts of a prefix at most: names have few dots, and a file that says otherwise costs nothing.
  private static final int PREFIX_PARTS = 8;

  private final Path file;
  private final SafeTensors content;
  private final Map<String, Shape> parameters;

  /// What was found.
  ///
  /// @param prefix what stands before the parameters' names in the file
  /// @param tensors by the parameter's name, the tensor's
  /// @param ignored the names of the tensors that are not used
  record Found(String prefix, Map<String, String> tensors, List<String> ignored) {}

  /// A search.
  ///
  /// @param file where the content was read, for messages
  /// @param parameters the shapes of the backbone's parameters, by name
  TensorMatch(Path file, SafeTensors content, Map<String, Shape> parameters) {
    this.file = file;
    this.content = content;
    this.parameters = parameters;
  }

  /// Matches.
  ///
  /// @param preferred a prefix that is taken wherever the file has it
  /// @throws MmctException naming the parameter, the shapes and the file
  Found find(String preferred) {
    String prefix = prefix(preferred);
    Map<String, String> tensors = new LinkedHashMap<>();
    List<String> rest = new ArrayList<>();
    for (String tensor : content.names()) {
      String parameter =
          tensor.startsWith(prefix) ? parameter(tensor.substring(prefix.length())) : "";
      if (!parameters.containsKey(parameter) || tensors.putIfAbsent(parameter, tensor) != null) {
        rest.add(tensor);
      }
    }
    requireAll(prefix, tensors);
    tensors.forEach(this::requireFit);
    requireNoMore(prefix, rest);
    // What somebody might miss comes first: a classifier before counters.
    rest.sort(Comparator.comparing(tensor -> content.type(tensor).isInteger()));
    return new Found(prefix, tensors, List.copyOf(rest));
  }

  private String prefix(String preferred) {
    Map<String, Integer> hits = new TreeMap<>();
    for (String tensor : content.names()) {
      int start = 0;
      for (int parts = 0; parts <= PREFIX_PARTS && start >= 0; parts++) {
        if (parameters.containsKey(parameter(tensor.substring(start)))) {
          hits.merge(tensor.substring(0, start), 1, Integer::sum);
        }
        int dot = tensor.indexOf('.', start);
        start = dot < 0 ? -1 : dot + 1;
      }
    }
    if (hits.isEmpty()) {
      throw new MmctException(
          "%s holds none of the encoder's weights: they are named like '%s', its tensors like %s"
              .formatted(file, parameters.keySet().iterator().next(), some(content.names())));
    }
    return best(hits, preferred);
  }

  private String best(Map<String, Integer> hits, String preferred) {
    if (hits.containsKey(preferred)) {
      return preferred;
    }
    int most = hits.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    List<String> best =
        hits.entrySet().stream()
            .filter(hit -> hit.getValue() == most)
            .map(Map.Entry::getKey)
            .toList();
    if (best.size() > 1 && !best.getFirst().isEmpty()) {
      throw new MmctException(
          "%s holds the encoder's weights %d times, under %s: write those that are meant to a file of their own"
              .formatted(file, best.size(), some(best)));
    }
    return best.getFirst();
  }

  /// A name without prefix in today's words.
  private String parameter(String name) {
    if (parameters.containsKey(name)) {
      return name;
    }
    if (name.endsWith(".gamma")) {
      return name.substring(0, name.length() - "gamma".length()) + "weight";
    }
    return name.endsWith(".beta")
        ? name.substring(0, name.length() - "beta".length()) + "bias"
        : name;
  }

  private void requireAll(String prefix, Map<String, String> tensors) {
    List<String> missing =
        parameters.keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      String name = missing.getFirst();
      throw new MmctException(
          "%s has no tensor '%s%s' for the encoder's %s%s"
              .formatted(
                  file,
                  prefix,
                  name,
                  parameters.get(name),
                  missing.size() == 1
                      ? ""
                      : ", and lacks %d more of its %d"
                          .formatted(missing.size() - 1, parameters.size())));
    }
  }

  private void requireFit(String parameter, String tensor) {
    if (!content.shape(tensor).equals(parameters.get(parameter))) {
      throw new MmctException(
          "'%s' is %s in %s but must be %s as the encoder's"
              .formatted(tensor, content.shape(tensor), file, parameters.get(parameter)));
    }
    if (!content.type(tensor).isFloat()) {
      throw new MmctException(
          "'%s' must be floats but is of type %s in %s"
              .formatted(tensor, content.type(tensor), file));
    }
  }

  private void requireNoMore(String prefix, List<String> rest) {
    Set<String> parts =
        parameters.keySet().stream().map(TensorMatch::part).collect(Collectors.toSet());
    for (String tensor : rest) {
      if (tensor.startsWith(prefix)
          && content.type(tensor).isFloat()
          && parts.contains(part(tensor.substring(prefix.length())))) {
        throw new MmctException(
            "%s holds '%s', for which the encoder has no place: it may be of a larger network"
                .formatted(file, shortened(tensor)));
      }
    }
  }

  /// The first word of a name.
  private static String part(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /// A few names for a message.
  static String some(Collection<String> names) {
    String shown =
        names.stream()
            .limit(3)
            .map(it -> "'" + shortened(it) + "'")
            .collect(Collectors.joining(", "));
    return names.size() <= 3 ? shown : shown + " and %d more".formatted(names.size() - 3);
  }

  private static String shortened(String name) {
    return name.length() <= 80 ? name : name.substring(0, 80) + "...";
  }
}
