package mmct.cli.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mmct.api.MmctException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs side by side.
class RunComparisonTest {
  @TempDir private Path folder;
  private Path first;
  private Path second;

  @BeforeEach
  void twoRuns() throws IOException {
    first =
        run(
            "first",
            "batch: 64\nepochs: 5\noptimizer: {type: sgd, lr: 0.5}\n",
            """
            {"step":10,"terms":{"ii":6.9,"ic":200.0},"total":12.0}
            {"step":20,"terms":{"ii":5.123456,"ic":180.0},"total":10.5}
            {"step":20,"evaluation":"retrieval","figures":{"R@1":2.5}}
            {"step":21,"terms":{"ii":1
            """);
    second =
        run("second", "batch: 64\nepochs: 7\nqueue: 16\noptimizer: {type: sgd, lr: 0.5}\n", "");
    Files.writeString(
        first.resolve("run.json"),
        "{\"status\":\"finished\",\"steps\":20,\"figures\":{\"retrieval.R@1\":2.5}}");
    result(first, "knn", "{\"k20.top1\":32.5333333}", "aaaa", "");
    result(second, "knn", "{\"k20.top1\":35.6}", "aaaa", "");
  }

  private Path run(String name, String config, String metrics) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.createDirectory(run.resolve("results"));
    Files.writeString(run.resolve("config.yaml"), config);
    Files.writeString(run.resolve("metrics.jsonl"), metrics);
    return run;
  }

  private static void result(
      Path run, String name, String figures, String fingerprint, String protocol)
      throws IOException {
    Files.writeString(
        run.resolve("results").resolve(name + ".json"),
        "{\"figures\":%s,\"protocol\":{%s},\"data\":{\"fingerprint\":\"%s\",\"split\":\"val\"}}"
            .formatted(figures, protocol, fingerprint));
  }

  @Test
  void onlyWhatDiffersIsShownOfTheConfigurationAndADashStandsForWhatIsMissing() {
    assertThat(String.join("\n", RunComparison.lines(List.of(first, second))))
        .isEqualTo(
            """
                             first     second
            run
              status         finished  -
              steps          20        -
            configuration, where it differs
              epochs         5         7
              queue          -         16
            last evaluation in training
              retrieval.R@1  2.5       -
            results
              knn.k20.top1   32.533    35.6
            last step
              ii             5.1235    -
              ic             180       -
              total          10.5      -\
            """);
  }

  @Test
  void resultsOfOtherDataOrProtocolsAreToldApart() throws IOException {
    result(first, "probe", "{\"top1\":40.0}", "bbbb", "\"protocol\":\"paper\"");
    result(second, "probe", "{\"top1\":41.0}", "bbbb", "\"protocol\":\"moco\"");
    assertThat(RunComparison.lines(List.of(first, second)))
        .containsSubsequence(
            "results that cannot be compared",
            "  probe          paper, val of bbbb  moco, val of bbbb");
  }

  @Test
  void runsOfOneNameAreToldApartByTheirPaths() throws IOException {
    Path other = Files.createDirectories(folder.resolve("elsewhere"));
    Path namesake = Files.createDirectory(other.resolve("first"));
    Files.writeString(namesake.resolve("config.yaml"), "batch: 64\n");
    assertThat(RunComparison.lines(List.of(first, namesake)).getFirst())
        .contains(first.toString(), namesake.toString());
  }

  @Test
  void whatHoldsNoRunOrABrokenResultIsOneSentence() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> RunComparison.lines(List.of(first, empty)))
        .isInstanceOf(MmctException.class)
        .hasMessage(empty + " holds no run to read");
    Files.writeString(second.resolve("results/knn.json"), "{\"figures\":");
    assertThatThrownBy(() -> RunComparison.lines(List.of(first, second)))
        .isInstanceOf(MmctException.class)
        .hasMessageContaining("knn.json is not JSON");
  }
}
