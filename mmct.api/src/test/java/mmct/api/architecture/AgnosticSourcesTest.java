package mmct.api.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The core knows no modality by name: its code, texts included, has no word of one.
class AgnosticSourcesTest {
  private static final Set<String> WORDS_OF_MODALITIES =
      Set.of(
          "image",
          "images",
          "picture",
          "pictures",
          "photo",
          "photos",
          "pixel",
          "pixels",
          "jpeg",
          "caption",
          "captions",
          "token",
          "tokens",
          "tokenizer",
          "vocabulary",
          "sentence",
          "tag",
          "tags",
          "vision",
          "resnet",
          "bert",
          "audio",
          "video",
          "signal",
          "coco");

  /// Names of other people's classes.
  private static final Pattern EXCUSED =
      Pattern.compile("\\bJsonToken\\b|\\bparser\\.\\w+|\\bcurrentToken\\b|\\b(get)?Tag\\b");

  private static final Pattern COMMENT = Pattern.compile("//.*|/\\*[\\s\\S]*?\\*/");

  /// A word of an identifier in camel case, or of a text.
  private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+");

  @Test
  void theCoreNamesNoModality() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources()) {
      String code =
          EXCUSED.matcher(COMMENT.matcher(Files.readString(file)).replaceAll("")).replaceAll("");
      Matcher words = WORD.matcher(code);
      while (words.find()) {
        if (WORDS_OF_MODALITIES.contains(words.group().toLowerCase(Locale.ROOT))) {
          found.add(file.getFileName() + ": " + words.group());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      List<Path> sources = files.filter(it -> it.toString().endsWith(".java")).toList();
      assertThat(sources).hasSizeGreaterThan(20);
      return sources;
    }
  }
}
