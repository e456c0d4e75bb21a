package mmct.cli.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;

/// Where the program's lines go: results and progress to the output, failures to the error stream.
/// On a terminal one status line at the bottom is rewritten in place.
public final class Terminal {
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final PrintWriter out;
  private final PrintWriter error;
  private final int columns;
  private boolean statusShown;

  /// Creates a terminal.
  ///
  /// @param out takes results and progress
  /// @param error takes failures
  /// @param columns the width of the terminal, or 0 where the output is no terminal
  public Terminal(PrintWriter out, PrintWriter error, int columns) {
    this.out = out;
    this.error = error;
    this.columns = columns;
  }

  /// The terminal of this process; the start script says whether there is one.
  public static Terminal ofProcess() {
    return new Terminal(
        autoFlushing(System.out), autoFlushing(System.err), Integer.getInteger("mmct.columns", 0));
  }

  private static PrintWriter autoFlushing(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  /// Whether the lines are read on a terminal, where a status line makes sense.
  public boolean interactive() {
    return columns > 0;
  }

  /// Shows a line.
  public synchronized void line(String text) {
    clearStatus();
    out.println(text);
  }

  /// Replaces the status line; does nothing where the output is no terminal.
  public synchronized void status(String text) {
    if (interactive()) {
      out.print(ERASE_LINE + text.substring(0, Math.min(text.length(), columns - 1)));
      out.flush();
      statusShown = true;
    }
  }

  /// Removes the status line.
  public synchronized void clearStatus() {
    if (statusShown) {
      out.print(ERASE_LINE);
      out.flush();
      statusShown = false;
    }
  }

  /// Shows a failure.
  public synchronized void error(String sentence) {
    clearStatus();
    error.println(sentence);
  }

  /// Takes results of a whole page.
  public PrintWriter writer() {
    return out;
  }

  /// Takes what is shown of failures beyond the sentence.
  public PrintWriter errorWriter() {
    return error;
  }
}
