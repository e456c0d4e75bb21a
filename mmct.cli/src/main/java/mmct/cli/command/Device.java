package mmct.cli.command;

/// Where tensors are computed, in the words of `--device`.
enum Device {
  /// The processor.
  cpu,
  /// A graphics card; an error where there is none.
  gpu,
  /// A graphics card where there is one.
  auto
}
