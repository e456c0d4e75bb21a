package mmct.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import mmct.api.config.Settings;

/// What is asked of encoders.
///
/// @param name the evaluation: an evaluator's name, or one of the run's configuration
/// @param options its options, over those of the configuration
/// @param data where the samples are; empty for the run's own
/// @param split which of them; empty for the usual
/// @param device where the encoders run
record Question(
    String name, Settings options, Optional<Path> data, Optional<String> split, Device device) {
  /// The option of an evaluator that trains something of its own first.
  static final String TRAIN = "train";

  /// Whether the evaluation trains something of its own first.
  boolean trains() {
    return options.get(TRAIN).equals(Optional.of(true));
  }
}
