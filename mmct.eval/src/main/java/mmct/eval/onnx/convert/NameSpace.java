package mmct.eval.onnx.convert;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Hands out names of which none comes twice.
final class NameSpace {
  private final Set<String> taken = new HashSet<>();

  /// The name wanted, or with a number behind it where it is taken.
  String claim(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /// A name after an operator.
  String after(String operator) {
    return claim(operator.toLowerCase(Locale.ROOT));
  }
}
