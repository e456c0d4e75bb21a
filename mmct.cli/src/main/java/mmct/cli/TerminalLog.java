package mmct.cli;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import mmct.cli.terminal.Terminal;

/// Shows what libraries log where failures go: they quote data as well.
final class TerminalLog extends Handler {
  private static final String LIBRARIES = "";

  private final Terminal terminal;

  private TerminalLog(Terminal terminal) {
    this.terminal = terminal;
    setFormatter(new SimpleFormatter());
  }

  /// Takes the place of whatever shows records of the log.
  static void take(Terminal terminal) {
    Logger libraries = Logger.getLogger(LIBRARIES);
    for (Handler handler : libraries.getHandlers()) {
      libraries.removeHandler(handler);
    }
    libraries.addHandler(new TerminalLog(terminal));
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      terminal.clearStatus();
      terminal.errorWriter().print(getFormatter().format(entry));
      terminal.errorWriter().flush();
    }
  }

  @Override
  public void flush() {
    terminal.errorWriter().flush();
  }

  @Override
  public void close() {}
}
