package mmct.cli.terminal;

import java.io.IOException;
import java.io.Writer;
import java.util.Optional;
import mmct.api.VisibleText;
import org.jspecify.annotations.Nullable;

/// What the program prints passes through here on its way out: only the program's own control
/// sequences reach a terminal as they are, and a failure is remembered, which a print writer does
/// not tell.
final class VisibleWriter extends Writer {
  private final Writer target;
  private @Nullable IOException failure;

  VisibleWriter(Writer target) {
    this.target = target;
  }

  /// What the program says to the terminal itself.
  void control(String sequence) {
    try {
      target.write(sequence);
      target.flush();
    } catch (IOException e) {
      remember(e);
    }
  }

  /// The first failure.
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  private IOException remember(IOException e) {
    failure = failure == null ? e : failure;
    return e;
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    try {
      target.write(VisibleText.page(new String(text, from, length)));
    } catch (IOException e) {
      throw remember(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      target.flush();
    } catch (IOException e) {
      throw remember(e);
    }
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
