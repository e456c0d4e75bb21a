package mmct.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import mmct.api.spi.ApiVersion;

/// Compiles a plugin the way its author would, and packs it.
public final class PluginJar {
  private PluginJar() {}

  /// A loss provider named `half`, in the module given.
  public static Map<String, String> lossNamed(String name, String module) {
    return Map.of(
        "module-info.java",
        "module %s { requires mmct.api; exports %s; provides mmct.api.spi.LossProvider with %s.Half; }"
            .formatted(module, module, module),
        module.replace('.', '/') + "/Half.java",
        """
            package %s;
            import mmct.api.config.Setting;
            import mmct.api.spi.*;
            public final class Half implements LossProvider<Half.Options> {
              public record Options(
                  @Setting(value = "The share.", byDefault = "0.5", min = 0, max = 1) double share) {}
              public String name() { return "%s"; }
              public Class<Options> options() { return Options.class; }
              public String description() { return "Half of nothing."; }
              public Loss create(Options options) { return input -> LossOutput.of(input.query()); }
            }
            """
            .formatted(module, name));
  }

  /// Compiles and packs sources, with the version of the contracts in the manifest.
  ///
  /// @param sources by file name, the text
  /// @param modulePath where `mmct.api` and what it requires is found
  /// @param scratch an empty folder
  /// @param jar the jar to write
  public static void write(Map<String, String> sources, String modulePath, Path scratch, Path jar)
      throws IOException {
    Path classes = compile(sources, modulePath, scratch);
    pack(classes, Map.of("MMCT-Api", ApiVersion.CURRENT.toString()), scratch, jar);
  }

  /// Compiles sources.
  ///
  /// @param options further words for the compiler
  /// @return the folder of the classes
  public static Path compile(
      Map<String, String> sources, String modulePath, Path scratch, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(options));
    Path classes = scratch.resolve("classes");
    arguments.addAll(List.of("-p", modulePath, "-d", classes.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = scratch.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    run("javac", arguments);
    return classes;
  }

  /// Packs classes.
  ///
  /// @param attributes of the manifest
  public static void pack(Path classes, Map<String, String> attributes, Path scratch, Path jar)
      throws IOException {
    StringBuilder lines = new StringBuilder("Manifest-Version: 1.0\n");
    attributes.forEach((name, value) -> lines.append("%s: %s%n".formatted(name, value)));
    Path manifest = Files.writeString(scratch.resolve("manifest.txt"), lines);
    run(
        "jar",
        List.of(
            "--create",
            "--file",
            jar.toString(),
            "--manifest",
            manifest.toString(),
            "-C",
            classes.toString(),
            "."));
  }

  /// The module path of this test's own process.
  public static String modulePath() {
    return System.getProperty("jdk.module.path");
  }

  private static void run(String tool, List<String> arguments) {
    StringWriter output = new StringWriter();
    PrintWriter writer = new PrintWriter(output);
    int code =
        ToolProvider.findFirst(tool)
            .orElseThrow()
            .run(writer, writer, arguments.toArray(String[]::new));
    assertThat(code).as("%s: %s", tool, output).isZero();
  }
}
