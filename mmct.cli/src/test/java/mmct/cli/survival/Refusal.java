package mmct.cli.survival;

import static org.assertj.core.api.Assertions.assertThat;

import mmct.cli.PackagedProgram.Ended;

/// How the program refuses: one sentence for people, and an exit code.
final class Refusal {
  private Refusal() {}

  /// Checks that a start ended with one sentence that holds all the words given.
  static void assertRefused(Ended ended, int exitCode, String... words) {
    assertThat(ended.error())
        .startsWith("mmct: ")
        .hasLineCount(1)
        .contains(words)
        .doesNotContain("unexpectedly")
        .doesNotContainPattern("\\b(java|javax|ai\\.djl|mmct\\.\\w+|com)\\.\\w+\\.?\\w*")
        .doesNotContainPattern("\\w(Exception|Error)\\b");
    assertThat(ended.exitCode()).isEqualTo(exitCode);
  }
}
