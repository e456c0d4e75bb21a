package mmct.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Optional;
import mmct.api.VisibleText;
import mmct.api.io.AtomicFiles;

/// Where the program's lines go: results and progress to the output, failures to the error stream.
/// On a terminal one status line at the bottom is rewritten in place. No character of what is shown
/// acts on the terminal.
public final class Terminal {
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final VisibleWriter output;
  private final PrintWriter out;
  private final PrintWriter error;
  private final int columns;
  private boolean statusShown;

  /// Creates a terminal.
  ///
  /// @param out takes results and progress
  /// @param error takes failures
  /// @param columns the width of the terminal, or 0 where the output is no terminal
  public Terminal(Writer out, Writer error, int columns) {
    output = new VisibleWriter(out);
    this.out = new PrintWriter(output, true);
    this.error = new PrintWriter(new VisibleWriter(error), true);
    this.columns = columns;
  }

  /// The terminal of this process; the start script says whether there is one.
  public static Terminal ofProcess() {
    // Not System.out itself, which swallows the reason for which nothing could be written.
    return new Terminal(
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), System.out.charset()),
        new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), System.err.charset()),
        Integer.getInteger("mmct.columns", 0));
  }

  /// Whether the lines are read on a terminal, where a status line makes sense.
  public boolean interactive() {
    return columns > 0;
  }

  /// Shows a line.
  public synchronized void line(String text) {
    clearStatus();
    out.println(VisibleText.line(text));
  }

  /// Replaces the status line; does nothing where the output is no terminal.
  public synchronized void status(String text) {
    if (interactive()) {
      String line = VisibleText.line(text);
      output.control(ERASE_LINE);
      out.print(
          line.substring(
              0,
              line.offsetByCodePoints(
                  0, Math.min(line.codePointCount(0, line.length()), columns - 1))));
      out.flush();
      statusShown = true;
    }
  }

  /// Removes the status line.
  public synchronized void clearStatus() {
    if (statusShown) {
      output.control(ERASE_LINE);
      statusShown = false;
    }
  }

  /// Shows a failure.
  public synchronized void error(String sentence) {
    clearStatus();
    error.println(VisibleText.line(sentence));
  }

  /// Takes results of a whole page.
  public PrintWriter writer() {
    return out;
  }

  /// Takes what is shown of failures beyond the sentence.
  public PrintWriter errorWriter() {
    return error;
  }

  /// Why something of what was shown did not arrive, in a few words; empty where all did.
  public synchronized Optional<String> outputFailure() {
    out.flush();
    Optional<IOException> failure = output.failure();
    return out.checkError()
        ? Optional.of(failure.map(AtomicFiles::reason).orElse("it failed"))
        : failure.map(AtomicFiles::reason);
  }
}
