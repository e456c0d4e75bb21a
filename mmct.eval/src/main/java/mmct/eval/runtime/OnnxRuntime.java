package mmct.eval.runtime;

import ai.onnxruntime.OrtEnvironment;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mmct.api.MmctException;
import mmct.api.engine.NativeEnvironment;
import mmct.api.engine.NativeLibraries;

/// ONNX Runtime's one environment, made so that it sends nothing and unpacks nothing into the
/// temporary folder. Nobody else may ask ONNX Runtime for it: what it reports about models to its
/// maker can only be stopped before its native library is loaded.
public final class OnnxRuntime {
  private static final String NATIVES = "onnxruntime.native.path";

  /// The libraries that a jar may hold: of processors, of cards, of the GPUs of browsers.
  private static final List<String> LIBRARIES =
      List.of(
          "onnxruntime",
          "onnxruntime4j_jni",
          "onnxruntime_providers_shared",
          "onnxruntime_providers_cuda",
          "onnxruntime_providers_tensorrt",
          "onnxruntime_providers_rocm",
          "onnxruntime_providers_dnnl",
          "onnxruntime_providers_openvino",
          "onnxruntime_providers_qnn",
          "webgpu_dawn",
          "dxil",
          "dxcompiler");

  /// Made at the first call.
  private static final class Loaded {
    private static final OrtEnvironment ENVIRONMENT = load();
  }

  private OnnxRuntime() {}

  /// The environment.
  ///
  /// @throws MmctException where the first call finds no safe place for native libraries,
  ///     or cannot stop the reports
  public static OrtEnvironment environment() {
    try {
      return Loaded.ENVIRONMENT;
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof MmctException told) {
        throw told;
      }
      throw e;
    }
  }

  private static OrtEnvironment load() {
    // OrtEnvironment.setTelemetry(false) comes too late: an event has been sent by then.
    NativeEnvironment.set("ORT_DISABLE_TELEMETRY", "1");
    if (System.getProperty(NATIVES) == null
        && System.getProperty("onnxruntime.native.onnxruntime.path") == null) {
      Map<String, URL> libraries = inJar();
      if (!libraries.isEmpty()) {
        System.setProperty(
            NATIVES, NativeLibraries.ofUser().unpacked("onnxruntime", libraries).toString());
      }
    }
    return OrtEnvironment.getEnvironment();
  }

  private static Map<String, URL> inJar() {
    Map<String, URL> libraries = new LinkedHashMap<>();
    for (String library : LIBRARIES) {
      String file = System.mapLibraryName(library).replace("jnilib", "dylib");
      URL url =
          OrtEnvironment.class.getResource("/ai/onnxruntime/native/" + platform() + "/" + file);
      if (url != null) {
        libraries.put(file, url);
      }
    }
    return libraries;
  }

  /// ONNX Runtime's word for the machine.
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String word = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    return word
        + "-"
        + (processor.startsWith("amd64") || processor.startsWith("x86_64") ? "x64" : processor);
  }
}
