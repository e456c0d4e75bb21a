package mmct.api.config;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/// What a scalar of YAML means here.
///
/// Quoted ones are text. Plain ones are nothing (`null`, `~`), true or false (`yes`, `no`, `on` and
/// `off` too), numbers, or else text. What YAML 1.1 and 1.2 read as different numbers, such as
/// `010` and `1:30`, is text, so that a number's setting refuses it instead of taking one of the
/// two.
final class YamlScalar {
  /// The tag of a plain scalar without one of its own.
  private static final Tag PLAIN = new Tag("mmct:plain");

  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");

  private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
  private static final Pattern HEXADECIMAL = Pattern.compile("([-+]?)0x([0-9a-fA-F][0-9a-fA-F_]*)");
  private static final Pattern BINARY = Pattern.compile("([-+]?)0b([01][01_]*)");
  private static final Pattern FRACTION =
      Pattern.compile("[-+]?([0-9][0-9_]*(\\.[0-9_]*)?|\\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?");
  private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9_]+");

  private YamlScalar() {}

  /// Tells plain scalars from quoted ones; what a plain one means is told here, not by YAML 1.1.
  static final class Plainness extends Resolver {
    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
      return switch (kind) {
        case mapping -> Tag.MAP;
        case sequence -> Tag.SEQ;
        case scalar, anchor -> implicit ? PLAIN : Tag.STR;
      };
    }

    @Override
    protected void addImplicitResolvers() {
      // None: see resolve.
    }
  }

  /// Whether a node is a plain scalar, rather than quoted, in a block or of a tag.
  static boolean isPlain(Node node) {
    return node.getTag().equals(PLAIN);
  }

  /// Whether a node is written as nothing at all.
  static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar && isPlain(node) && scalar.getValue().isEmpty();
  }

  /// The value of a node.
  ///
  /// @throws IllegalArgumentException where its tag is not one of YAML's own, or does not fit
  static @Nullable Object value(ScalarNode node) {
    String text = node.getValue();
    Tag type = node.getTag();
    if (type.equals(PLAIN)) {
      return plain(text);
    }
    if (type.equals(Tag.STR)) {
      return text;
    }
    Object value = plain(text);
    boolean fits =
        (type.equals(Tag.INT) && value instanceof Long)
            || (type.equals(Tag.FLOAT) && value instanceof Number)
            || (type.equals(Tag.BOOL) && value instanceof Boolean)
            || (type.equals(Tag.NULL) && value == null);
    if (!fits) {
      throw new IllegalArgumentException("'%s' is not of the type %s".formatted(text, type));
    }
    return value instanceof Long whole && type.equals(Tag.FLOAT)
        ? (Object) whole.doubleValue()
        : value;
  }

  /// What a plain text means.
  static @Nullable Object plain(String text) {
    if (NOTHING.contains(text)) {
      return null;
    }
    if (TRUE.contains(text)) {
      return true;
    }
    if (FALSE.contains(text)) {
      return false;
    }
    return number(text).orElse(text);
  }

  private static Optional<Object> number(String text) {
    String digits = text.replace("_", "");
    if (WHOLE.matcher(text).matches()) {
      return Optional.of(whole(new BigInteger(digits)));
    }
    Optional<Object> ofRadix = ofRadix(HEXADECIMAL, 16, text).or(() -> ofRadix(BINARY, 2, text));
    if (ofRadix.isPresent()) {
      return ofRadix;
    }
    if (FRACTION.matcher(text).matches() && !LEADING_ZERO.matcher(text).matches()) {
      return Optional.of(Double.valueOf(digits));
    }
    return Optional.empty();
  }

  private static Optional<Object> ofRadix(Pattern pattern, int radix, String text) {
    Matcher number = pattern.matcher(text);
    return number.matches()
        ? Optional.of(
            whole(new BigInteger(number.group(1) + number.group(2).replace("_", ""), radix)))
        : Optional.empty();
  }

  /// A number that no `long` holds is still one to settings that are not whole.
  private static Object whole(BigInteger number) {
    return number.bitLength() < Long.SIZE ? (Object) number.longValueExact() : number.doubleValue();
  }
}
