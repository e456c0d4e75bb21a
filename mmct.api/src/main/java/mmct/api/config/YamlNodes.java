package mmct.api.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Turns the nodes of a document into a tree of values, each with its origin.
final class YamlNodes {
  /// More values than any configuration has: aliases that repeat one another grow by powers.
  private static final int MOST_VALUES = 100_000;

  private final IntFunction<String> place;
  private final Optional<Path> folder;
  private final Map<String, Settings.Origin> origins = new LinkedHashMap<>();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;

  /// @param place the words for a line, for origins and errors
  /// @param folder the folder from which relative paths start
  YamlNodes(IntFunction<String> place, Optional<Path> folder) {
    this.place = place;
    this.folder = folder;
  }

  /// The tree of a document.
  Settings tree(MappingNode root) {
    return new Settings(group(root, ""), origins, "");
  }

  /// A tree of one value at a dotted path.
  Settings at(String dottedPath, Node node) {
    origins.put(dottedPath, origin(node, node));
    return Settings.at(dottedPath, value(node, dottedPath), origins);
  }

  /// A tree of one plain scalar at a dotted path; no text at all is the empty text.
  Settings at(String dottedPath, String plain) {
    origins.put(dottedPath, new Settings.Origin(place.apply(1), folder, Optional.of(plain), 0));
    return Settings.at(dottedPath, plain.isEmpty() ? "" : YamlScalar.plain(plain), origins);
  }

  /// Whether a node is a text in quotes, or a list or a group in brackets.
  static boolean isEnclosed(Node node) {
    return switch (node) {
      case ScalarNode scalar -> !YamlScalar.isPlain(scalar);
      case SequenceNode list ->
          list.getFlowStyle() == org.yaml.snakeyaml.DumperOptions.FlowStyle.FLOW;
      case MappingNode group ->
          group.getFlowStyle() == org.yaml.snakeyaml.DumperOptions.FlowStyle.FLOW;
      default -> false;
    };
  }

  private @Nullable Object value(Node node, String path) {
    count(node);
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    enter(node);
    try {
      return switch (node) {
        case MappingNode group when isOf(group, Tag.MAP) -> group(group, path);
        case SequenceNode list when isOf(list, Tag.SEQ) -> list(list, path);
        default -> throw wrong(node, "the type %s is not known".formatted(node.getTag()));
      };
    } finally {
      open.remove(node);
    }
  }

  private void count(Node node) {
    if (++values > MOST_VALUES) {
      throw wrong(
          node,
          "a configuration has at most %d values, those that aliases repeat included"
              .formatted(MOST_VALUES));
    }
  }

  private void enter(Node node) {
    if (!open.add(node)) {
      throw wrong(node, "an alias cannot stand inside of what it names");
    }
  }

  private static boolean isOf(Node node, Tag type) {
    return node.getTag().equals(type);
  }

  private @Nullable Object scalar(ScalarNode scalar) {
    try {
      return YamlScalar.value(scalar);
    } catch (IllegalArgumentException e) {
      throw wrong(scalar, String.valueOf(e.getMessage()));
    }
  }

  private List<@Nullable Object> list(SequenceNode list, String path) {
    List<@Nullable Object> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      if (item instanceof ScalarNode) {
        origins.put(Settings.item(path, items.size()), origin(item, item));
      }
      items.add(value(item, path));
    }
    return items;
  }

  private Map<String, @Nullable Object> group(MappingNode group, String path) {
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple entry : group.getValue()) {
      if (isMergeKey(entry.getKeyNode())) {
        merged.add(entry.getValueNode());
      } else if (entries.put(key(entry), entry) != null) {
        throw new ConfigurationException(
            "%s is written twice (%s)"
                .formatted(under(path, key(entry)), placeOf(entry.getKeyNode())));
      }
    }
    merged.forEach(node -> merge(node, entries));
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          String keyPath = under(path, key);
          origins.put(keyPath, origin(entry.getKeyNode(), entry.getValueNode()));
          map.put(key, value(entry.getValueNode(), keyPath));
        });
    return map;
  }

  /// Adds what a merge key names, one group or several: a key that is there already stays.
  private void merge(Node node, Map<String, NodeTuple> entries) {
    count(node);
    enter(node);
    switch (node) {
      case MappingNode group -> {
        List<Node> further = new ArrayList<>();
        for (NodeTuple entry : group.getValue()) {
          if (isMergeKey(entry.getKeyNode())) {
            further.add(entry.getValueNode());
          } else {
            entries.putIfAbsent(key(entry), entry);
          }
        }
        further.forEach(it -> merge(it, entries));
      }
      case SequenceNode list -> list.getValue().forEach(it -> merge(it, entries));
      default -> throw wrong(node, "the merge key << takes a group of keys or a list of such");
    }
    open.remove(node);
  }

  private static boolean isMergeKey(Node key) {
    return key instanceof ScalarNode scalar
        && YamlScalar.isPlain(key)
        && scalar.getValue().equals("<<");
  }

  private String key(NodeTuple entry) {
    Node key = entry.getKeyNode();
    if (!(key instanceof ScalarNode scalar)) {
      throw wrong(key, "a key must be a word");
    }
    if (scalar.getValue().isEmpty()) {
      throw wrong(key, "a key must not be empty");
    }
    return scalar.getValue();
  }

  private static String under(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private Settings.Origin origin(Node at, Node value) {
    Optional<String> written =
        value instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    return new Settings.Origin(placeOf(at), folder, written, 0);
  }

  private String placeOf(Node node) {
    return place.apply(YamlReader.line(node.getStartMark()));
  }

  private ConfigurationException wrong(Node node, String rule) {
    return new ConfigurationException(rule + " (" + placeOf(node) + ")");
  }
}
