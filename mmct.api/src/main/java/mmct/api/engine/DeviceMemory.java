package mmct.api.engine;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The native memory that freed arrays leave behind, and the name of the device that it lies on.
public final class DeviceMemory {
  private DeviceMemory() {}

  /// The name of a GPU; empty for a processor, or where nobody tells.
  public static Optional<String> name(Device device) {
    return device.isGpu() ? ask(device, "name") : Optional.empty();
  }

  /// Gives back what has been freed but is kept for arrays to come, so that what is measured next
  /// does not count it: on a GPU, and in the heap of the native libraries where that is glibc's.
  @SuppressWarnings("restricted")
  public static void release(Device device) {
    if (device.isGpu()) {
      JniUtils.emptyCudaCache();
    }
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> trim = linker.defaultLookup().find("malloc_trim");
    if (trim.isPresent()) {
      try {
        Object ignored =
            linker
                .downcallHandle(
                    trim.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
                .invokeWithArguments(0L);
      } catch (Throwable e) {
        throw new IllegalStateException("malloc_trim cannot be called", e);
      }
    }
  }

  /// What the driver's own program says of a GPU.
  private static Optional<String> ask(Device device, String what) {
    List<String> command =
        List.of(
            "nvidia-smi",
            "--id=" + device.getDeviceId(),
            "--query-gpu=" + what,
            "--format=csv,noheader,nounits");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 && !said.isEmpty() ? Optional.of(said) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
