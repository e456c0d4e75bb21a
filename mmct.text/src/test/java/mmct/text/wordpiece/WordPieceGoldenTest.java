package mmct.text.wordpiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Compares with the tokenizations of 9,909 multilingual lines by the reference implementation.
class WordPieceGoldenTest {
  private final Path folder =
      Path.of(System.getProperty("mmct.shared", "../shared"), "data", "wordpiece");

  @Test
  void everyGoldenLineIsTokenizedAsByTheReference() throws IOException {
    assumeTrue(Files.isDirectory(folder), "no golden tokenizations in " + folder);
    Vocabulary vocabulary =
        Vocabulary.parse(
            Files.readAllBytes(folder.resolve("bert-base-uncased-vocab.txt")), "bert-base-uncased");
    WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary, true);
    Set<String> disputed =
        new HashSet<>(Files.readAllLines(folder.resolve("golden_known_disagreements.txt")));
    List<String> lines = Files.readAllLines(folder.resolve("golden_text_tab_tokens.txt"));
    List<String> judged = lines.stream().filter(line -> !disputed.contains(line)).toList();

    assertThat(judged).hasSizeGreaterThan(9_800);
    assertThat(judged)
        .allSatisfy(
            line -> {
              List<String> fields = Arrays.asList(line.split("\t", -1));
              assertThat(tokenizer.tokens(fields.getFirst()))
                  .isEqualTo(fields.subList(1, fields.size()));
            });
  }
}
