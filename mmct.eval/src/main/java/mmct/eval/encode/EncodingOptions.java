package mmct.eval.encode;

/// How encoders are run.
///
/// @param device where they run
/// @param threads threads of ONNX Runtime on the CPU; 0 is one per core
/// @param workers threads that read and prepare cells ahead of it; 0 is one for each core
///     that does not encode, or one per core where all do
/// @param batch the most rows that are encoded at once
public record EncodingOptions(Device device, int threads, int workers, int batch) {
  /// Checks the numbers.
  public EncodingOptions {
    if (threads < 0 || workers < 0 || batch < 1) {
      throw new IllegalArgumentException(
          "threads and workers are at least 0 and batch at least 1 but were %d, %d and %d"
              .formatted(threads, workers, batch));
    }
  }

  /// On a graphics card where there is one that ONNX Runtime can use, with all cores.
  public static EncodingOptions byDefault() {
    return new EncodingOptions(Device.AUTO, 0, 0, 64);
  }

  /// How many threads read and prepare where nobody says it: one for each core that does not
  /// encode, since threads that take turns with the encoder on its core delay it; one for each core
  /// where none would be left.
  ///
  /// @param cores those that there are
  /// @param onGpu whether no core encodes
  int readers(int cores, boolean onGpu) {
    if (workers > 0) {
      return workers;
    }
    boolean someAreFree = !onGpu && threads > 0 && threads < cores;
    return someAreFree ? cores - threads : cores;
  }

  /// Where encoders run.
  public enum Device {
    /// The processor.
    CPU,
    /// A CUDA graphics card; an error where ONNX Runtime cannot use one.
    GPU,
    /// A CUDA graphics card where ONNX Runtime can use one, else the processor.
    AUTO
  }
}
