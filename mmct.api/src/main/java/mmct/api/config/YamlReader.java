package mmct.api.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/// Reads YAML into [Settings], keeping the line of every key.
///
/// Aliases and merge keys (`<<`) stand for what they name; a second document, a key that is written
/// twice and a tag of the writer's own are refused. What a scalar means is told by [YamlScalar].
public final class YamlReader {
  /// Aliases in a document; what they may grow to is bounded by [YamlNodes].
  private static final int MOST_ALIASES = 1000;

  private YamlReader() {}

  /// Reads a document.
  ///
  /// @param text the YAML text
  /// @param source the name that errors give: a file's or a preset's
  public static Settings read(String text, String source) {
    return read(text, source, Optional.empty());
  }

  /// Reads a document of a file.
  ///
  /// @param text the YAML text
  /// @param source the name that errors give
  /// @param folder the folder from which relative paths start; the working directory if empty
  /// @throws ConfigurationException where it cannot be read, with the line
  public static Settings read(String text, String source, Optional<Path> folder) {
    try {
      Optional<Node> root = compose(text, source);
      if (root.isEmpty()) {
        return Settings.empty();
      }
      if (!(root.get() instanceof MappingNode group)) {
        throw new ConfigurationException(
            "a configuration is a group of keys (%s:%d)"
                .formatted(source, line(root.get().getStartMark())));
      }
      return new YamlNodes(line -> source + ":" + line, folder).tree(group);
    } catch (YAMLException e) {
      throw new ConfigurationException(
          "%s is not YAML: %s (%s)".formatted(source, reason(e), place(e, text, source)), e);
    }
  }

  /// Reads one value as it is written behind `--set key=`: a list or a group in brackets and a text
  /// in quotes as YAML reads them, everything else as one plain scalar, whatever signs it has.
  ///
  /// @param origin where it was written, for errors
  static @Nullable Object value(String text, String origin) {
    return assigned("value", text, origin).get("value").orElse(null);
  }

  /// A tree of one value at a dotted path.
  ///
  /// @param origin where it was written, for errors
  static Settings assigned(String dottedPath, String text, String origin) {
    YamlNodes nodes = new YamlNodes(line -> origin, Optional.empty());
    Optional<Node> node = text.isBlank() ? Optional.empty() : enclosed(text.strip(), origin);
    if (node.isPresent()) {
      return nodes.at(dottedPath, node.get());
    }
    // White space alone is text too, such as a blank as a separator.
    String plain = text.isBlank() ? text : text.strip();
    return nodes.at(dottedPath, plain);
  }

  /// The node of a text that is a list, a group or quoted as a whole.
  private static Optional<Node> enclosed(String text, String origin) {
    char first = text.charAt(0);
    boolean collection = first == '[' || first == '{';
    if (!collection && first != '"' && first != '\'') {
      return Optional.empty();
    }
    try {
      Optional<Node> node = compose(text, origin);
      if (node.filter(it -> YamlNodes.isEnclosed(it)).isPresent()) {
        return node;
      }
    } catch (YAMLException e) {
      if (collection && text.length() > 1) {
        throw new ConfigurationException(
            "'%s' is not a YAML value: %s (%s)".formatted(text, reason(e), origin), e);
      }
    }
    return Optional.empty();
  }

  private static Optional<Node> compose(String text, String source) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(MOST_ALIASES);
    Parser parser = new ParserImpl(new StreamReader(text), options);
    Composer composer = new Composer(parser, new YamlScalar.Plainness(), options);
    if (!composer.checkNode()) {
      return Optional.empty();
    }
    Node first = composer.getNode();
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      throw new ConfigurationException(
          "a configuration is one document but a second one begins (%s:%d)"
              .formatted(source, line(parser.peekEvent().getStartMark())));
    }
    boolean nothing =
        !(first instanceof MappingNode || first instanceof SequenceNode)
            && YamlScalar.isNothing(first);
    return nothing ? Optional.empty() : Optional.of(first);
  }

  static int line(@Nullable Mark mark) {
    return mark == null ? 1 : mark.getLine() + 1;
  }

  private static String reason(YAMLException e) {
    String problem =
        switch (e) {
          case MarkedYAMLException marked -> marked.getProblem();
          case ReaderException unprintable ->
              "the character U+%04X is not allowed".formatted(unprintable.getCodePoint());
          default -> e.getMessage();
        };
    return problem == null ? "malformed" : problem.lines().findFirst().orElse("malformed");
  }

  private static String place(YAMLException e, String text, String source) {
    return switch (e) {
      case MarkedYAMLException marked -> source + ":" + line(marked.getProblemMark());
      case ReaderException unprintable -> source + ":" + lineOf(unprintable, text);
      default -> source;
    };
  }

  /// The reader tells the position of a character that it does not take in code points.
  private static long lineOf(ReaderException e, String text) {
    return 1 + text.codePoints().limit(e.getPosition()).filter(it -> it == '\n').count();
  }
}
