package mmct.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Dependencies between the modules run one way: cli → (eval, vision, text, losses) → api.
class ModulesTest {
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "mmct.api", List.of(),
          "mmct.losses", List.of("mmct.api"),
          "mmct.vision", List.of("mmct.api"),
          "mmct.text", List.of("mmct.api"),
          "mmct.eval", List.of("mmct.api"),
          "mmct.cli", List.of("mmct.api", "mmct.eval"));

  private static ModuleDescriptor descriptor(String module) throws IOException {
    Path file = Path.of("..", module, "target", "classes", "module-info.class");
    try (InputStream content = Files.newInputStream(file)) {
      return ModuleDescriptor.read(content);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mmct.api", "mmct.losses", "mmct.vision", "mmct.text", "mmct.eval", "mmct.cli"})
  void aModuleRequiresOnlyThoseBelow(String module) throws IOException {
    assertThat(descriptor(module).requires())
        .extracting(ModuleDescriptor.Requires::name)
        .filteredOn(name -> name.startsWith("mmct."))
        .containsExactlyInAnyOrderElementsOf(REQUIRED.get(module));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mmct.losses", "mmct.vision", "mmct.text"})
  void aModuleOfProvidersExportsOnePackage(String module) throws IOException {
    assertThat(descriptor(module).exports())
        .filteredOn(export -> !export.isQualified())
        .extracting(ModuleDescriptor.Exports::source)
        .isSubsetOf(module);
  }

  @Test
  void onlyTheCompositionRootKnowsGuice() {
    noClasses()
        .that()
        .resideOutsideOfPackage("mmct.cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.inject..")
        .check(new ClassFileImporter().importPath(Path.of("target", "classes")));
  }

  @Test
  void thereIsOneWayToOnnxRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackage("mmct.eval.runtime")
        .should()
        .callMethod("ai.onnxruntime.OrtEnvironment", "getEnvironment")
        .because("what it reports is stopped there, before its native library is loaded")
        .check(
            new ClassFileImporter()
                .importPath(Path.of("..", "mmct.eval", "target", "classes", "mmct")));
  }
}
