package mmct.cli.command;

import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mmct.api.MmctException;
import mmct.cli.terminal.Terminal;
import mmct.eval.verify.Finding;
import mmct.eval.verify.Finding.State;
import mmct.eval.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `mmct verify PLACE...`: whether files are as they were written.
@Command(
    name = "verify",
    description = {
      "Compare the files of a run, or files that left one, with the checksums that were written",
      "with them; one line for each, and exit code 1 where one is damaged or missing."
    })
public final class VerifyCommand implements Runnable {
  @Parameters(
      paramLabel = "RUN|FILE",
      arity = "1..*",
      description = "Run folders, other folders, or files such as encoders and features.")
  private List<Path> places = new ArrayList<>();

  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    List<Finding> all = new ArrayList<>();
    for (Path place : places) {
      List<Finding> found = Verification.of(place);
      found.forEach(finding -> terminal.line(line(finding)));
      all.addAll(found);
    }
    long damaged = count(all, State.DAMAGED);
    String summary =
        "%d files: %d intact, %d without a checksum, %d damaged"
            .formatted(all.size(), count(all, State.INTACT), count(all, State.UNPROVEN), damaged);
    terminal.line(summary);
    if (damaged > 0) {
      throw new MmctException(
          damaged == 1
              ? "1 of %d files is damaged".formatted(all.size())
              : "%d of %d files are damaged".formatted(damaged, all.size()));
    }
  }

  private static long count(List<Finding> findings, State state) {
    return findings.stream().filter(it -> it.state() == state).count();
  }

  private static String line(Finding finding) {
    String word =
        switch (finding.state()) {
          case INTACT -> "intact";
          case UNPROVEN -> "unproven";
          case DAMAGED -> "DAMAGED";
        };
    return "%-8s  %s: %s".formatted(word, finding.file(), finding.reason());
  }
}
