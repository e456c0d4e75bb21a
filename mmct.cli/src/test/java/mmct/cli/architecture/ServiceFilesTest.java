package mmct.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs on the class path find what the module path finds: `META-INF/services` says what
/// `module-info` says.
class ServiceFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"mmct.api", "mmct.losses", "mmct.vision", "mmct.text", "mmct.eval"})
  void theFilesSayWhatTheModuleSays(String module) throws IOException {
    Path classes = Path.of("..", module, "target", "classes");
    Map<String, List<String>> declared = new TreeMap<>();
    try (InputStream content = Files.newInputStream(classes.resolve("module-info.class"))) {
      ModuleDescriptor.read(content)
          .provides()
          .forEach(each -> declared.put(each.service(), each.providers()));
    }
    Map<String, List<String>> written = new TreeMap<>();
    try (Stream<Path> files = Files.list(classes.resolve("META-INF/services"))) {
      for (Path file : files.toList()) {
        written.put(file.getFileName().toString(), Files.readAllLines(file));
      }
    }
    assertThat(declared).isNotEmpty();
    assertThat(written).isEqualTo(declared);
  }
}
