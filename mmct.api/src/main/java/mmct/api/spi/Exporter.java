package mmct.api.spi;

import java.nio.file.Path;
import java.util.List;

/// Writes trained encoders in the format of other programs.
public interface Exporter {
  /// Writes one encoder.
  ///
  /// @param encoder what to write
  /// @param folder where its files go; it exists
  /// @return the files written, the one to open first
  /// @throws mmct.api.MmctException where the format cannot hold the encoder; nothing is written
  List<Path> export(TrainedEncoder encoder, Path folder);
}
