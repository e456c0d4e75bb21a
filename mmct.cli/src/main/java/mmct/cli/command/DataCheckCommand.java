package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.check.DataCheck;
import mmct.api.check.DataReport;
import mmct.api.config.Settings;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.training.Resolution;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `mmct data check`: reads everything once and tells what is there and what is wrong.
@Command(
    name = "check",
    description = {
      "Read everything once: counts, rows of each objective, missing and broken files, duplicate",
      "ids, lengths, columns that nothing reads. Modalities, columns and objectives are those of",
      "the preset or configuration; exits with 1 where something cannot be read."
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
    Settings settings = configuration.resolved(configuration.written()).settings();
    Resolution resolution = new Resolution(settings, catalogue.get());
    DataSource source = resolution.openData(Optional.empty());
    DataReport report =
        new DataCheck(
                source,
                parts(resolution),
                resolution.needs(),
                resolution.config().data().workers(),
                done -> terminal.status("%d samples read".formatted(done)))
            .run();
    report.lines().forEach(terminal::line);
    if (!report.isClean()) {
      throw new MmctException("not all of the data can be used as it is; see above");
    }
  }

  /// Strings and numbers are counted as they are; only files have to be opened, so only their
  /// modalities are made, and no vocabulary is trained here.
  private static Map<String, DataCheck.Part> parts(Resolution resolution) {
    Map<String, DataCheck.Part> parts = new LinkedHashMap<>();
    resolution
        .columns()
        .forEach(
            (name, columns) ->
                parts.put(
                    name, new DataCheck.Part(reader(resolution, name, columns), columns.kind())));
    return parts;
  }

  private static Optional<Modality> reader(Resolution resolution, String name, Columns columns) {
    if (columns.kind() != Columns.Kind.FILE) {
      return Optional.empty();
    }
    return Optional.of(
        resolution.modality(
            new ModalityContext(name, Optional.empty(), ArtefactStore.inMemory(), 0, note -> {})));
  }
}
