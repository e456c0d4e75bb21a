package mmct.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFieldTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+2",
        "=HYPERLINK(1)",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\uff1d1",
        "-",
        "+49 30 1",
        "-photo.jpg",
        "-1-1",
        "-Infinity"
      })
  void whatASpreadsheetWouldRunIsText(String text) {
    assertThat(CsvField.of(text)).isEqualTo("'" + text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\t=1", "\r=1", "\n=1", "=a,b", "=\"x\""})
  void alsoWhereItNeedsQuotes(String text) {
    assertThat(CsvField.of(text).replaceFirst("^\"", "")).startsWith("'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-5", "+5", "-0.25", "1e-3", "-1,5", "-.5", "a=b", "a-b", "", "a@b", "5-3"})
  void numbersAndOtherTextStay(String text) {
    assertThat(CsvField.of(text).replace("\"", "")).isEqualTo(text);
  }
}
