package mmct.cli.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import mmct.eval.encode.EncodingOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say how encoders in files are fed and run.
public final class EncodingSettings {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--sidecar",
      paramLabel = "FILE",
      description =
          "What the encoder's file does not say about how it is fed; by default the encoder's file with .yaml behind its name.")
  private Optional<Path> sidecar = Optional.empty();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that encode on the processor; by default one per core.")
  private int threads;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Threads that read and prepare ahead; by default one for each core that does not encode.")
  private int workers;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Rows that are encoded at once (default: 64).")
  private int batch = 64;

  /// A sidecar of another name.
  Optional<Path> sidecar() {
    return sidecar;
  }

  /// How encoders are run.
  EncodingOptions on(Device device) {
    try {
      return new EncodingOptions(
          EncodingOptions.Device.valueOf(device.name().toUpperCase(Locale.ROOT)),
          threads,
          workers,
          batch);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
