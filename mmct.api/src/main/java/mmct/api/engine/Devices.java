package mmct.api.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import mmct.api.MmctException;
import org.slf4j.LoggerFactory;

/// Chooses the device that a run lives on.
public final class Devices {
  private Devices() {}

  /// The device for a word of the user.
  ///
  /// @param choice `cpu`, `gpu`, or `auto` for a GPU where there is one
  /// @throws MmctException where a GPU is asked for and none can be used, or the native libraries
  ///     do not fit
  public static Device choose(String choice) {
    Engine engine = engine();
    return switch (choice) {
      case "cpu" -> Device.cpu();
      case "gpu" -> {
        if (!usesGpu(engine)) {
          throw new MmctException(
              "--device gpu was asked for, but this machine has no GPU that the native libraries of"
                  + " PyTorch %s can use; see docs/gpu.md".formatted(libtorch()));
        }
        yield Device.gpu();
      }
      case "auto" -> usesGpu(engine) ? Device.gpu() : Device.cpu();
      default ->
          throw new MmctException("--device must be cpu, gpu or auto but was '" + choice + "'");
    };
  }

  /// Whether libtorch finds a GPU. The library's own count asks CUDA's runtime library, which it
  /// finds only where CUDA is installed for the whole system; libtorch brings its own.
  private static boolean usesGpu(Engine engine) {
    return engine.hasCapability(StandardCapabilities.CUDA);
  }

  /// The version of the libtorch that is loaded, by its own word where it can be asked: what Deep
  /// Java Library says is what it was told to expect.
  public static String libtorch() {
    return LibtorchVersion.ask().orElseGet(Engine.getInstance()::getVersion);
  }

  private static Engine engine() {
    Engine engine;
    try {
      engine = Engine.getInstance();
    } catch (RuntimeException e) {
      throw new MmctException(
          "the native libraries of PyTorch cannot be loaded: %s; see docs/gpu.md"
              .formatted(e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
    String version = libtorch();
    String expected = Bridge.libtorch();
    // With another version the bridge may load, and compute wrong numbers.
    if (!version.equals(expected)) {
      throw new MmctException(
          "the native libraries are PyTorch %s, but only %s gives right numbers; see docs/gpu.md"
              .formatted(version, expected));
    }
    LibtorchLog.follow(LoggerFactory.getLogger(Engine.class));
    return engine;
  }
}
