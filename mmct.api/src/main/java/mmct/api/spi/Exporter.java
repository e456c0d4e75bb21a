package mmct.api.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Writes trained encoders in the format of other programs.
public interface Exporter {
  /// Why the format cannot hold an encoder, in one sentence; empty where it can, as far as is known
  /// without writing it. Of several encoders of a run those that it cannot hold are left out.
  default Optional<String> refusal(TrainedEncoder encoder) {
    return Optional.empty();
  }

  /// Writes one encoder.
  ///
  /// @param encoder what to write
  /// @param folder where its files go; it exists
  /// @return the files written, the one to open first
  /// @throws mmct.api.MmctException where the format cannot hold the encoder; nothing is written
  List<Path> export(TrainedEncoder encoder, Path folder);
}
