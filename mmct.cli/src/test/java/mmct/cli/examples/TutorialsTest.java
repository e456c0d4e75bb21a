package mmct.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the tutorials show is what the build compiles: a block of code under a comment such as
/// `<!-- code: docs/examples/x/src/main/java/X.java -->` stands in that file, word for word.
class TutorialsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /// The comment, if any, and the fenced block that follows it.
  private static final Pattern BLOCK =
      Pattern.compile("(?m)(?:^<!-- code: (\\S+) -->\\R)?^```(\\w*)\\R((?s).*?)^```$");

  /// Languages whose blocks must have a source; what is typed into a shell has none.
  private static final Set<String> COMPILED = Set.of("java", "yaml", "xml");

  /// A block of a document.
  record Block(String document, String source, String language, String text) {
    @Override
    public String toString() {
      return document + ": " + text.lines().findFirst().orElse("").strip();
    }
  }

  static Stream<Block> blocksWithSource() throws IOException {
    return blocks().filter(block -> block.source() != null);
  }

  private static Stream<Block> blocks() throws IOException {
    List<Block> blocks = new ArrayList<>();
    try (Stream<Path> documents = Files.list(ROOT.resolve("docs"))) {
      for (Path document : documents.filter(it -> it.toString().endsWith(".md")).toList()) {
        Matcher block = BLOCK.matcher(Files.readString(document));
        while (block.find()) {
          String name = document.getFileName().toString();
          blocks.add(new Block(name, block.group(1), block.group(2), block.group(3)));
        }
      }
    }
    return blocks.stream();
  }

  @ParameterizedTest
  @MethodSource("blocksWithSource")
  void aBlockStandsInTheFileItNames(Block block) throws IOException {
    Path source = ROOT.resolve(block.source());

    assertThat(source).exists();
    // A tutorial may begin a block further to the left than its source does.
    assertThat(withoutMargins(Files.readString(source)).contains(withoutMargins(block.text())))
        .as("%s shows what %s does not hold:%n%s", block.document(), source, block.text())
        .isTrue();
  }

  private static String withoutMargins(String text) {
    return text.lines().map(String::strip).reduce("", (a, b) -> a + b + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "new-modality.md",
        "new-loss.md",
        "new-dataset.md",
        "new-evaluator.md",
        "in-your-project.md",
        "serving.md"
      })
  void aTutorialShowsNoCodeThatNobodyCompiles(String document) throws IOException {
    assertThat(blocks().filter(block -> block.document().equals(document)))
        .anySatisfy(block -> assertThat(block.language()).isEqualTo("java"))
        .filteredOn(block -> COMPILED.contains(block.language()))
        .allSatisfy(block -> assertThat(block.source()).as(block.toString()).isNotNull());
  }
}
