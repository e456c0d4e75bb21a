package mmct.cli.command;

import jakarta.inject.Inject;
import java.io.File;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Origin;
import mmct.api.spi.Provider;
import mmct.cli.configuration.Presets;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;

/// `mmct list`: what can be named in a configuration.
@Command(
    name = "list",
    description = "Show the presets and every provider: modalities, losses, datasets, evaluators.")
public final class ListCommand implements Runnable {
  private final jakarta.inject.Provider<Catalogue> catalogue;
  private final Presets presets;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public ListCommand(
      jakarta.inject.Provider<Catalogue> catalogue, Presets presets, Terminal terminal) {
    this.catalogue = catalogue;
    this.presets = presets;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Catalogue there = catalogue.get();
    there.all().forEach((kind, providers) -> sections.put(kind, summaries(there, providers)));
    Map<String, String> summaries = new LinkedHashMap<>();
    presets.names().forEach(name -> summaries.put(name, presets.summary(name)));
    sections.put("preset", summaries);

    int width =
        sections.values().stream()
            .flatMap(section -> section.keySet().stream())
            .mapToInt(String::length)
            .max()
            .orElse(0);
    sections.forEach((title, section) -> show(title, section, width));
  }

  private static Map<String, String> summaries(
      Catalogue catalogue, Collection<? extends Provider<?>> providers) {
    Map<String, String> summaries = new LinkedHashMap<>();
    providers.forEach(
        it ->
            summaries.put(
                it.name(),
                it.description() + jar(catalogue.origin(it), Origin.of(it).isPresent())));
    return summaries;
  }

  /// The jar of a provider. Those of the program lie together, so their names are enough.
  private static String jar(Origin origin, boolean plugin) {
    return origin
        .place()
        .map(place -> plugin ? place : place.substring(place.lastIndexOf(File.separatorChar) + 1))
        .map(place -> " [" + place + "]")
        .orElse("");
  }

  private void show(String title, Map<String, String> section, int width) {
    terminal.line(title);
    section.forEach(
        (name, summary) -> terminal.line(("  %-" + width + "s  %s").formatted(name, summary)));
    if (section.isEmpty()) {
      terminal.line("  none");
    }
    terminal.line("");
  }
}
