package mmct.api.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import mmct.api.engine.DeviceMemory;
import mmct.api.engine.Devices;

/// What a run runs on, for records.
final class Machine {
  private Machine() {}

  /// The versions of the program and of what it stands on.
  static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("mmct", RunRecord.version());
    versions.put("java", System.getProperty("java.version"));
    versions.put("jvm", System.getProperty("java.vm.vendor") + " " + Runtime.version());
    versions.put("engine", Engine.getInstance().getEngineName());
    versions.put("pytorch", Devices.libtorch());
    versions.put("djl", Engine.getDjlVersion());
    versions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }

  /// Processor, cores and memory, and the GPU where one is used.
  static Map<String, Object> hardware(Device device) {
    Map<String, Object> hardware = new LinkedHashMap<>();
    hardware.put("processor", said("/proc/cpuinfo", "model name").orElse("not told"));
    hardware.put("cores", cores());
    said("/proc/meminfo", "MemTotal")
        .ifPresent(
            kibibytes ->
                hardware.put(
                    "memory_mb",
                    1024 * Long.parseLong(kibibytes.replaceAll("\\D", "")) / 1_000_000));
    hardware.put("device", device.getDeviceType());
    DeviceMemory.name(device).ifPresent(name -> hardware.put("gpu", name));
    return hardware;
  }

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /// Threads that had something to do over the last minute; empty where the system does not tell.
  static OptionalDouble load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? OptionalDouble.empty() : OptionalDouble.of(load);
  }

  private static Optional<String> said(String file, String key) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
