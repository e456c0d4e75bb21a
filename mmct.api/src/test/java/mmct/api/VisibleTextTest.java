package mmct.api;

import static org.assertj.core.api.Assertions.assertThat;

import mmct.api.config.Settings;
import mmct.api.config.YamlReader;
import mmct.api.config.YamlWriter;
import org.junit.jupiter.api.Test;

class VisibleTextTest {
  @Test
  void whatATerminalActsOnIsShown() {
    assertThat(VisibleText.line("a\u001b[31mb\u0007\u007f\u009bc"))
        .isEqualTo("a\\u001b[31mb\\u0007\\u007f\\u009bc");
    assertThat(VisibleText.line("a\nb\rc\u2028d")).isEqualTo("a\\u000ab\\u000dc\\u2028d");
    assertThat(VisibleText.line("abc\u202egnp.exe\u2066")).isEqualTo("abc\\u202egnp.exe\\u2066");
    assertThat(VisibleText.line("\ud83d!")).isEqualTo("\\ud83d!");
  }

  @Test
  void otherTextStays() {
    String text = "Ünï \ud83d\ude00\u200d\ud83d\udc69 \u4e2d\u6587 \u05e9\u05dc\u05d5\u05dd\t'\"\\";
    assertThat(VisibleText.line(text)).isEqualTo(text);
  }

  @Test
  void pagesKeepTheirLines() {
    assertThat(VisibleText.page("a\nb\r\nc\rd\t\u001b")).isEqualTo("a\nb\r\nc\\u000dd\t\\u001b");
  }

  @Test
  void yamlSaysControlsInWordsThatAreReadBack() {
    String odd = "x\u001b\u009b\u202e\u2028\n\ud83d\ude00 y";
    String yaml = YamlWriter.write(Settings.at("key", odd, "here"));

    assertThat(VisibleText.page(yaml)).isEqualTo(yaml);
    assertThat(YamlReader.read(yaml, "here").toMap()).containsEntry("key", odd);
  }
}
