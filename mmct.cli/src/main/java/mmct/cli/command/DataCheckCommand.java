package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.data.DataSource;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Catalogue;
import mmct.api.spi.ModalityContext;
import mmct.api.training.Resolution;
import mmct.cli.check.DataCheck;
import mmct.cli.check.DataCheck.ModalityReader;
import mmct.cli.check.SplitReport;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `mmct data check`: reads everything once and tells what is there and what is broken.
@Command(
    name = "check",
    description = {
      "Read everything once: counts, missing and broken files, duplicate ids, lengths, frequencies.",
      "The modalities are those of the configuration. Exits with 1 where something is broken."
    })
public final class DataCheckCommand implements Runnable {
  @Mixin private ConfigurationOptions configuration;

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;

  /// Called by Guice.
  @Inject
  public DataCheckCommand(
      ConfigurationOptions configuration, Provider<Catalogue> catalogue, Terminal terminal) {
    this.configuration = configuration;
    this.catalogue = catalogue;
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Settings settings = configuration.written().resolve(catalogue.get()).settings();
    Resolution resolution = new Resolution(settings, catalogue.get());
    DataSource source = resolution.openData(Optional.empty());
    terminal.line(source.describe());
    report(source, new DataCheck(source, readers(resolution)));
  }

  /// Only modalities whose cells are decoded are made, so no vocabulary is trained here.
  private static Map<String, ModalityReader> readers(Resolution resolution) {
    Map<String, ModalityReader> readers = new LinkedHashMap<>();
    for (String name : resolution.config().modalities().keySet()) {
      ModalityContext context =
          new ModalityContext(name, Optional.empty(), ArtefactStore.inMemory(), 0, note -> {});
      readers.put(name, new ModalityReader(() -> resolution.modality(context)));
    }
    return readers;
  }

  private void report(DataSource source, DataCheck check) {
    List<SplitReport> reports = new ArrayList<>();
    for (String split : source.splits()) {
      int size = source.split(split).size();
      SplitReport report =
          check.check(split, done -> terminal.status("%s: %d of %d".formatted(split, done, size)));
      report.lines().forEach(terminal::line);
      reports.add(report);
    }
    DataCheck.overlaps(reports)
        .forEach(
            (splits, ids) -> terminal.line("the splits %s share %d ids".formatted(splits, ids)));
    int broken = reports.stream().mapToInt(SplitReport::brokenCount).sum();
    if (broken > 0) {
      throw new MmctException(broken + " samples or cells cannot be read; they are listed above");
    }
  }
}
