package mmct.cli.command;

import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mmct.api.MmctException;
import mmct.api.io.AtomicFiles;
import mmct.api.io.Checksums;
import mmct.api.spi.Catalogue;
import mmct.api.training.Benchmark;
import mmct.api.training.BenchmarkResult;
import mmct.cli.configuration.ConfigurationReader.Written;
import mmct.cli.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mmct bench`: what training a configuration costs on this machine.
@Command(
    name = "bench",
    description = {
      "Measure what training costs on this machine: samples per second, where a step's time goes,",
      "memory, and how that grows with the configuration. Writes nothing but --out."
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ConfigurationOptions configuration;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "cpu, gpu, or auto (the default): gpu where there is one.")
  private Device device = Device.auto;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of a round that are measured, and as many by phase; 10 by default.")
  private int steps = 10;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Steps of a round before those, which do not count; 5 by default.")
  private int warmup = 5;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often everything is measured, in turn; 3 by default.")
  private int rounds = 3;

  @Option(
      names = "--sweep",
      paramLabel = "WHAT",
      description =
          "Measure variants too: batch, queue, sizes, modalities, all, or values of any key, such"
              + " as modalities.image.size=64,96,128; may be repeated.")
  private List<String> sweeps = new ArrayList<>();

  @Option(names = "--out", paramLabel = "FILE", description = "Where the result goes, as JSON.")
  private Optional<Path> out = Optional.empty();

  private final Provider<Catalogue> catalogue;
  private final Terminal terminal;
  private final CommandWords words;

  /// Called by Guice.
  @Inject
  public BenchCommand(
      ConfigurationOptions configuration,
      Provider<Catalogue> catalogue,
      Terminal terminal,
      CommandWords words) {
    this.configuration = configuration;
    this.catalogue = catalogue;
    this.terminal = terminal;
    this.words = words;
  }

  @Override
  public void run() {
    Written written = configuration.written();
    Benchmark.Plan plan = plan(written.name());
    Benchmark benchmark =
        new Benchmark(configuration.resolved(written).settings(), catalogue.get(), plan);
    out.ifPresent(AtomicFiles::requireWritable);
    try {
      BenchmarkResult result = benchmark.run(this::show);
      terminal.clearStatus();
      tell(result);
    } finally {
      terminal.clearStatus();
    }
  }

  private Benchmark.Plan plan(String name) {
    try {
      return new Benchmark.Plan(name, device.name(), warmup, steps, rounds, sweeps);
    } catch (MmctException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void show(String line) {
    if (terminal.interactive()) {
      terminal.status(line);
    } else {
      terminal.line(line);
    }
  }

  private void tell(BenchmarkResult result) {
    result.lines().forEach(terminal::line);
    if (!result.warning().isEmpty()) {
      terminal.error("mmct: warning: " + result.warning());
    }
    out.ifPresent(
        file -> {
          Checksums.writeAnywhere(file, result.json(words.words()));
          terminal.line("written to " + file);
        });
  }
}
