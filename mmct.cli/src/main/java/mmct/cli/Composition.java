package mmct.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.util.List;
import mmct.api.spi.Catalogue;
import mmct.cli.command.CommandWords;
import mmct.cli.command.Mmct;
import mmct.cli.configuration.Presets;
import mmct.cli.plugin.Plugins;
import mmct.cli.terminal.Terminal;

/// Puts the program's parts together; the only place that knows Guice.
final class Composition extends AbstractModule {
  private final Terminal terminal;
  private final List<String> words;

  Composition(Terminal terminal, String... words) {
    this.terminal = terminal;
    this.words = List.of(words);
  }

  @Override
  protected void configure() {
    bind(Terminal.class).toInstance(terminal);
    bind(CommandWords.class).toInstance(new CommandWords(words));
    bind(Mmct.class).in(Singleton.class);
  }

  /// Read when a command asks for it: by then the options that name plugin folders are known.
  @Provides
  @Singleton
  Catalogue catalogue(Mmct options) {
    return Plugins.load(
        options.pluginFolders(), warning -> terminal.error("mmct: warning: " + warning));
  }

  @Provides
  @Singleton
  Presets presets() {
    return Presets.builtIn();
  }
}
