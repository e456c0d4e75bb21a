package mmct.api.graph;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Dotted names of a block's parameters, as PyTorch's state dictionaries have them.
///
/// A path joins the names under which children were added; the two-digit numbers that
/// `AbstractBlock.addChildBlock` puts before them are dropped, unless two siblings would then have
/// one name. Leaves take PyTorch's words: `gamma` and `beta` are `weight` and `bias`,
/// `runningMean` is `running_mean`, an `embedding` is a `weight`.
public final class ParameterNames {
  private final Map<String, Parameter> names = new LinkedHashMap<>();
  private final Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private ParameterNames() {}

  /// The parameters of a block by name, in the block's order; a shared one is listed once.
  public static Map<String, Parameter> of(Block block) {
    ParameterNames collector = new ParameterNames();
    collector.collect(block, "");
    return Collections.unmodifiableMap(collector.names);
  }

  private void collect(Block block, String prefix) {
    for (Pair<String, Parameter> direct : block.getDirectParameters()) {
      if (seen.add(direct.getValue())) {
        names.put(prefix + leaf(direct.getKey()), direct.getValue());
      }
    }
    BlockList children = block.getChildren();
    boolean strip = distinctWithoutNumbers(children.keys());
    for (int i = 0; i < children.size(); i++) {
      String name = strip ? withoutNumber(children.keyAt(i), i) : Integer.toString(i);
      collect(children.valueAt(i), prefix + name + ".");
    }
  }

  private static boolean distinctWithoutNumbers(List<String> keys) {
    Set<String> distinct = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      distinct.add(withoutNumber(keys.get(i), i));
    }
    return distinct.size() == keys.size();
  }

  private static String withoutNumber(String key, int position) {
    String number = String.format(Locale.ROOT, "%02d", position + 1);
    return key.startsWith(number) && key.length() > number.length()
        ? key.substring(number.length())
        : key;
  }

  private static String leaf(String name) {
    return switch (name) {
      case "gamma", "embedding" -> "weight";
      case "beta" -> "bias";
      case "runningMean" -> "running_mean";
      case "runningVar" -> "running_var";
      default -> name;
    };
  }
}
