package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import mmct.api.spi.Catalogue;
import mmct.cli.configuration.Reference;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;

/// `mmct reference`: writes `docs/configuration.md`.
@Command(
    name = "reference",
    hidden = true,
    description = "Print the reference of all settings as Markdown.")
public final class ReferenceCommand implements Runnable {
  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public ReferenceCommand(Provider<Catalogue> catalogue, Terminal terminal) {
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    terminal.writer().print(new Reference(catalogue.get()).markdown());
    terminal.writer().flush();
  }
}
