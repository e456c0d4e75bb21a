package mmct.cli.reliability;

/// Stands for the end of a process by `kill -9`: nothing that follows may change anything, whatever
/// the code tries when it unwinds.
final class ProcessKilled extends Error {
  private static final long serialVersionUID = 1L;

  private final boolean first;

  /// @param first whether the process ended here, rather than having ended before
  ProcessKilled(boolean first) {
    super("killed");
    this.first = first;
  }

  boolean first() {
    return first;
  }
}
